"""When a message may leave: the sending window of its channel, and how many leave in an hour."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from relance.history.values import Dispatch
from relance.policy.channels import ChannelConfig, SendingWindow

if TYPE_CHECKING:
    from relance.history.store import History

HOUR = timedelta(hours=1)


def opening(window: SendingWindow, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return when `window` opens next, in the time zone `zone`; None while it is open.

    A window may go over midnight; one that closes when it opens is always open.
    """
    here = now.astimezone(zone)
    opens, closes = time.fromisoformat(window.opens), time.fromisoformat(window.closes)
    clock = here.time()
    inside = opens <= clock < closes if opens < closes else clock >= opens or clock < closes
    if inside:
        return None
    day = here.date() + timedelta(days=clock >= opens)
    return datetime.combine(day, opens, zone)


class Pace:
    """Counts what left by each channel in the last hour, of earlier runs too."""

    def __init__(
        self, history: History, configs: Mapping[str, ChannelConfig], timezone: str
    ) -> None:
        self._history = history
        self._configs = configs
        self._zone = ZoneInfo(timezone)
        self._left: dict[tuple[str, str], deque[datetime]] = defaultdict(deque)
        self._known: set[str] = set()

    def until(self, dispatch: Dispatch) -> datetime | None:
        """Return when the message may leave; None if it may now."""
        config = self._configs.get(dispatch.channel)
        if config is None or (config.window is None and config.rate is None):
            return None
        now = self._history.now()
        shut = opening(config.window, now, self._zone) if config.window else None
        moments = [m for m in (shut, self._full(config, dispatch, now)) if m is not None]
        return max(moments, default=None)

    def departs(self, dispatch: Dispatch) -> None:
        """Count the message as one that leaves now."""
        if self._is_counted(dispatch):
            for count in self._counts(dispatch.channel, dispatch.recipient):
                count.append(self._history.now())

    def stayed(self, dispatch: Dispatch) -> None:
        """Take back that the message was counted: it did not leave."""
        if self._is_counted(dispatch):
            for count in self._counts(dispatch.channel, dispatch.recipient):
                count.pop()

    def _full(self, config: ChannelConfig, dispatch: Dispatch, now: datetime) -> datetime | None:
        if config.rate is None:
            return None
        self._learn(dispatch.channel, now)
        in_all, in_domain = self._counts(dispatch.channel, dispatch.recipient)
        limits = ((in_all, config.rate.per_hour), (in_domain, config.rate.per_domain))
        moments = [_free(count, most, now) for count, most in limits if most is not None]
        return max((m for m in moments if m is not None), default=None)

    def _is_counted(self, dispatch: Dispatch) -> bool:
        config = self._configs.get(dispatch.channel)
        return config is not None and config.rate is not None

    def _counts(self, channel: str, recipient: str) -> tuple[deque[datetime], deque[datetime]]:
        domain = recipient.rpartition("@")[2].lower()
        return self._left[channel, ""], self._left[channel, f"@{domain}"]

    def _learn(self, channel: str, now: datetime) -> None:
        if channel in self._known:
            return
        self._known.add(channel)
        for moment, recipient in self._history.departures(channel, now - HOUR):
            for count in self._counts(channel, recipient):
                count.append(moment)


def _free(count: deque[datetime], most: int, now: datetime) -> datetime | None:
    """Return when less than `most` will have left within an hour; None if that is so now."""
    while count and count[0] <= now - HOUR:
        count.popleft()
    if len(count) < most:
        return None
    return count[len(count) - most] + HOUR if most else now + HOUR
