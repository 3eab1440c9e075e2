"""What keeps a wrong export or a wrong policy from writing to everybody."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from relance.policy.values import Count, Days, Flag, Model, PositiveAmount


class ContactCap(Model):
    """At most `max` contacts of one debtor in any `days` days."""

    max: Count = Field(description="Most contacts.")
    days: Annotated[int, Field(ge=1, le=3650)] = Field(description="In so many days.")


class Limits(Model):
    """Caps and grace of the whole project."""

    contacts_per_debtor: ContactCap | None = Field(
        default=None, description="How often one debtor may be contacted."
    )
    max_notices: Count = Field(default=500, description="More notices than this stop the run.")
    promise_grace: Days = Field(
        default=2, description="Days after a promised date before the promise counts as broken."
    )
    approve_above: PositiveAmount | None = Field(
        default=None, description="Notices that claim more than this wait for approval."
    )
    approve_first_use: Flag = Field(
        default=False, description="The first notices of a level wait for approval."
    )
