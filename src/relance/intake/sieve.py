"""Rows on their way to items: those that pass, and what is said of those that do not."""

from __future__ import annotations

import polars as pl

from relance.diagnostics import Diagnostic, Rule
from relance.intake.findings import row_findings


class Sieve:
    """The rows of one file that have passed so far.

    Attributes:
        file: path for the diagnostics.
        frame: the rows, with `line`.
        diagnostics: what was said.
        rejected: how many rows did not pass.
    """

    def __init__(self, file: str, frame: pl.DataFrame) -> None:
        self.file = file
        self.frame = frame
        self.diagnostics: list[Diagnostic] = []
        self.rejected = 0

    def tell(
        self, rule: Rule, fault: pl.Expr, texts: dict[str, pl.Expr] | None = None, **facts: object
    ) -> pl.Series:
        """Say `rule` of each row where `fault` holds, and return where it does.

        `texts` are the facts that differ by row, `facts` those that do not.
        """
        mask = self.frame.select(fault.fill_null(False).alias("fault"))["fault"]
        if len(mask) == 1 != self.frame.height:  # a literal
            mask = mask.new_from_index(0, self.frame.height)
        if mask.any():
            rows = self.frame.filter(mask).select("line", **(texts or {}))
            self.diagnostics += row_findings(rule, self.file, rows, tuple(texts or {}), **facts)
        return mask

    def reject(
        self, rule: Rule, fault: pl.Expr, texts: dict[str, pl.Expr] | None = None, **facts: object
    ) -> None:
        """Say `rule` of each row where `fault` holds, and leave these rows out."""
        mask = self.tell(rule, fault, texts, **facts)
        if mask.any():
            self.rejected += int(mask.sum())
            self.frame = self.frame.filter(~mask)

    def leave_out(self, reason: pl.Expr) -> int:
        """Leave out the rows where `reason` holds without a word; return how many they are."""
        before = self.frame.height
        mask = self.frame.select(reason.fill_null(False).alias("m"))["m"]
        if mask.any():
            self.frame = self.frame.filter(~mask)
        return before - self.frame.height
