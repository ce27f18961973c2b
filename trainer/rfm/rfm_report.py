"""How the lines and customers of a file of transactions were classified, as values and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trainer.rfm.transaction_lines import KINDS, Unread

_WORDS = {
    "returns": "; they only lower the monetary value",
    "cancelled": "; ignored",
    "zero": "; gifts and adjustments are not purchases",
    "without a customer": "; left out",
    "of excluded customers": "; left out as requested",
    "further lines of an order": "; the order's amount counts once",
    "in another currency": "; left out",
    "unreadable": "; left out",
    "after the snapshot": "; left out",
    "dropped duplicates": "; exact duplicates of an earlier line",
}


@dataclass(frozen=True, kw_only=True)
class RfmReport:
    """What was read and how it was counted.

    Attributes:
        lines: data lines of the file; each is in exactly one of ``kinds``, so their counts add up to it.
        kinds: kind of line -> how many, for every one of ``trainer.rfm.transaction_lines.KINDS``.
        unread: the reasons of the unreadable lines. They quote cells: for the screen only, never for a file.
        duplicates: lines equal to an earlier one in every cell, kept or dropped.
        customers: rows of the customer table.
        never_purchased: customers in the file without a valid purchase; not in the table.
        nothing_left: customers in the table whose monetary value is zero or below; ``negative``: below.
        snapshot: the day from which recency and tenure are counted.
        headers: role -> header; ``assumed``: what was assumed, one sentence each.
        currency: of the values; empty where the file does not show it.
        again: different lines that an earlier file also has.
        repeated_total: header of the amount, where it is the order's and repeated on each of its lines.
        warned: identifiers that may not be one customer, one sentence each; only for the screen.
    """

    lines: int
    kinds: dict[str, int]
    unread: tuple[Unread, ...]
    duplicates: int
    customers: int
    never_purchased: int
    nothing_left: int
    negative: int
    snapshot: date
    headers: dict[str, str]
    currency: str
    again: int
    assumed: tuple[str, ...]
    warned: tuple[str, ...]
    repeated_total: str = ""

    def sentences(self) -> list[str]:
        """The counts of lines and customers, without ``assumed``."""
        lines = [f"lines: {self.lines:,}"]
        for kind in reversed(KINDS):
            if self.kinds[kind]:
                lines.append(f"  {kind}: {self.kinds[kind]:,}{_WORDS.get(kind, '')}")
            if kind == "unreadable":
                lines += [f"    {each.sentence()}" for each in self.unread]
        dropped = bool(self.kinds["dropped duplicates"])
        if self.duplicates and not dropped:
            equal = f"exact duplicates of an earlier line: {self.duplicates:,}"
            lines.append(f"  {equal}; kept")
        if self.again:
            lines.append(
                f"  also in an earlier file: {self.again:,}; counted {'once' if dropped else 'twice'}"
            )
        lines.append(f"customers: {self.customers:,}")
        if self.never_purchased:
            lines.append(f"  left out: no valid purchase: {self.never_purchased:,}")
        if self.nothing_left:
            counts = f"{self.nothing_left:,}" + (f", below zero: {self.negative:,}" if self.negative else "")
            lines.append(f"  kept although they returned at least as much as they bought: {counts}")
        return lines
