"""How the creditor's letters fit the creditor's envelopes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from relance.policy.values import Model

_SHEET_WIDTH = 210
_FIRST_FOLD = 99


class Window(Model):
    """Where the address stands on the A4 sheet, in mm from its top left corner."""

    left: Annotated[float, Field(ge=10, le=160, allow_inf_nan=False)] = Field(
        description="From the left edge of the sheet to the address, in mm."
    )
    top: Annotated[float, Field(ge=20, le=70, allow_inf_nan=False)] = Field(
        description="From the top of the sheet to the frame of the address, in mm."
    )
    width: Annotated[float, Field(ge=50, le=120, allow_inf_nan=False)] = Field(
        description="Width of the frame, in mm."
    )
    height: Annotated[float, Field(ge=25, le=50, allow_inf_nan=False)] = Field(
        description="Height of the frame, in mm."
    )

    @model_validator(mode="after")
    def _on_the_first_panel(self) -> Window:
        if self.left + self.width > _SHEET_WIDTH:
            raise ValueError("the window ends beyond the right edge of the sheet (210 mm)")
        if self.top + self.height > _FIRST_FOLD:
            raise ValueError("the window ends below the first fold of the sheet (99 mm)")
        return self


class Stationery(Model):
    """The layout of letters; what is not given follows the creditor's country."""

    layout: Literal["fr", "be"] | None = Field(
        default=None,
        description="Layout of the envelope's window, on the right in both: fr when not given, "
        "be for a Belgian creditor.",
    )
    window: Window | None = Field(
        default=None,
        description="Frame of the address when the envelopes differ from the layout's "
        "(fr: left 110, top 52, 85 x 35 mm; be: left 110, top 45, 80 x 35 mm).",
    )
