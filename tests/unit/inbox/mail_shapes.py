"""Mails as servers and people write them. KEY, US and THEM stand for a notice of ours and its debtor."""

from __future__ import annotations

OURS = "<relance.0123456789abcdef0123456789abcdef@lenoir.example>"
US, THEM = "compta@lenoir.example", "achats@garage.example"

NOTICE = f"""From: Menuiserie Lenoir <{US}>
To: {THEM}
Subject: Relance
Date: Mon, 02 Mar 2026 08:00:00 +0100
Message-ID: {OURS}
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Bonjour, la facture F1 est en retard. Code 550 5.1.1 dans le texte.
"""
HEADERS = NOTICE.partition("\n\n")[0] + "\n"


def report(
    status: str,
    *,
    action: str = "failed",
    recipient: str = THEM,
    original: str | None = NOTICE,
    diagnostic: str = "smtp; 550 5.1.1 unknown",
    ident: str = "dsn-1",
) -> bytes:
    """A report as Postfix writes it."""
    returned = (
        ""
        if original is None
        else f"""--=b
Content-Description: Undelivered Message
Content-Type: message/rfc822

{original}
"""
    )
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.lenoir.example (Mail Delivery System)
To: {US}
Subject: Undelivered Mail Returned to Sender
Date: Mon, 02 Mar 2026 08:00:05 +0100
Message-ID: <{ident}@mx.lenoir.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=b"

--=b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

--=b
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.lenoir.example
X-Postfix-Queue-ID: 4F1
Arrival-Date: Mon,  2 Mar 2026 08:00:01 +0100 (CET)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.garage.example
Diagnostic-Code: {diagnostic}

{returned}--=b--
""".encode()


EXCHANGE = f"""From: <postmaster@lenoir.example>
To: <{US}>
Date: Mon, 2 Mar 2026 07:00:09 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="00000000-0000"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: fr-FR
Message-ID: <ndr-2@lenoir.example>
In-Reply-To: {OURS}
References: {OURS}
Subject: =?utf-8?B?Tm9uIHJlbWlzwqA6IFJlbGFuY2U=?=
Auto-Submitted: auto-replied
MIME-Version: 1.0

--00000000-0000
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

<html><body><p>Votre message n=E2=80=99a pas pu =C3=AAtre remis =C3=A0 achats@garage.exa=
mple.</p></body></html>

--00000000-0000
Content-Type: message/delivery-status

Reporting-MTA: dns;PR0P264MB.FRAP264.PROD.OUTLOOK.COM
Received-From-MTA: dns;mx.lenoir.example
Arrival-Date: Mon, 2 Mar 2026 07:00:01 +0000

Final-Recipient: rfc822;Achats@Garage.Example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by
 SMTP address lookup

--00000000-0000
Content-Type: text/rfc822-headers

{HEADERS}
--00000000-0000--
""".encode()

GMAIL = f"""Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: {US}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: {OURS}
In-Reply-To: {OURS}
X-Failed-Recipients: {THEM}
Message-ID: <gm-3@mx.google.com>
Date: Mon, 02 Mar 2026 07:00:04 +0000
MIME-Version: 1.0
Content-Type: multipart/report; boundary="g"; report-type=delivery-status

--g
Content-Type: multipart/related; boundary="h"

--h
Content-Type: multipart/alternative; boundary="i"

--i
Content-Type: text/plain; charset="UTF-8"

** Address not found **

Your message wasn't delivered to {THEM} because the address couldn't be found.

--i--

--h--

--g
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Sun, 01 Mar 2026 23:00:03 -0800 (PST)
X-Original-Message-ID: {OURS}

Final-Recipient: rfc822; {THEM}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
Last-Attempt-Date: Sun, 01 Mar 2026 23:00:04 -0800 (PST)

--g
Content-Type: message/rfc822

{NOTICE}
--g--
""".encode()

QMAIL = f"""Return-Path: <>
From: MAILER-DAEMON@ns.hebergeur.example
To: {US}
Subject: failure notice
Date: 2 Mar 2026 07:00:03 -0000
Message-ID: <qm-4@ns.hebergeur.example>

Hi. This is the qmail-send program at ns.hebergeur.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{THEM}>:
192.0.2.4 does not like recipient.
Remote host said: 550 5.1.1 <{THEM}>: Recipient address rejected: User unknown
Giving up on 192.0.2.4.

--- Below this line is a copy of the message.

Return-Path: <{US}>
{NOTICE}
""".encode()

EXIM = f"""Return-path: <>
X-Failed-Recipients: {THEM}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@srv.example>
To: {US}
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1-5@srv.example>
Date: Mon, 02 Mar 2026 08:00:02 +0100

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {THEM}
    host mx.garage.example [192.0.2.4]
    SMTP error from remote mail server after RCPT TO:<{THEM}>:
    550 unknown user

------ This is a copy of the message, including all the headers. ------

{NOTICE}
""".encode()

OLD_EXCHANGE = f"""From: "Microsoft Exchange" <postmaster@garage.example>
To: <{US}>
Date: Mon, 02 Mar 2026 08:00:03 +0100
Message-ID: <x-6@garage.example>
In-Reply-To: {OURS}
Subject: Undeliverable: Relance
Content-Type: text/plain; charset="iso-8859-1"

Your message did not reach some or all of the intended recipients.

      Subject:  Relance
      Sent:     02/03/2026 08:00

The following recipient(s) cannot be reached:

      {THEM} on 02/03/2026 08:00
            The e-mail account does not exist at the organization this message was sent to.
            <mx.garage.example #5.1.1 smtp;550 5.1.1 unknown>
""".encode()

SENDMAIL_DELAY = f"""Return-Path: <>
From: Mail Delivery Subsystem <MAILER-DAEMON@relais.example>
To: {US}
Subject: Warning: message still undelivered after 4 hours
Date: Mon, 02 Mar 2026 12:00:03 +0100
Message-ID: <sm-7@relais.example>

    **********************************************
    **      THIS IS A WARNING MESSAGE ONLY      **
    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **
    **********************************************

Your message to {THEM} has not yet been delivered: 451 4.4.1 connection timed out.
Will keep trying for 4 days.

   ----- Original message headers -----

{HEADERS}
""".encode()

GERMAN_HEADERS_ONLY = f"""From: Mailer-Daemon@provider.example
To: {US}
Subject: Unzustellbar: Relance
Date: Mon, 02 Mar 2026 08:00:03 +0100
Message-ID: <de-8@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Die Nachricht konnte nicht zugestellt werden.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; provider.example

Final-Recipient: rfc822;{THEM}
Action: failed
Status: 5.0.0
Diagnostic-Code: X-Postfix; 550 5.4.4 Host or domain name not found
--x
Content-Type: text/rfc822-headers

{HEADERS}
--x--
""".encode()

RECEIPT = f"""From: {THEM}
To: {US}
Subject: Lu : Relance
Date: Mon, 02 Mar 2026 09:00:03 +0100
Message-ID: <mdn-9@garage.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary=x

--x
Content-Type: text/plain

Your message was displayed.
--x
Content-Type: message/disposition-notification

Reporting-UA: Outlook
Final-Recipient: rfc822;{THEM}
Original-Message-ID: {OURS}
Disposition: manual-action/MDN-sent-manually; displayed

--x--
""".encode()


def letter(body: str = "Bonjour, nous payons vendredi.\n", **headers: str) -> bytes:
    """A person's mail; a header given as None is left out."""
    given = {
        "From": f"Garage Martin <{THEM}>",
        "To": US,
        "Subject": "Re: Relance",
        "Date": "Mon, 02 Mar 2026 10:00:00 +0100",
        "Message-ID": "<reply-1@garage.example>",
        "Content-Type": "text/plain; charset=utf-8",
    }
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in given.items() if value is not None]
    return ("\n".join(lines) + "\n\n" + body).encode()
