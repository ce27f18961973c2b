"""What became of every line and every customer of a file of transactions, as values and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trainer.rfm.transaction_lines import KINDS, Unread

_WORDS = {
    "returns": "; they lower the monetary value and nothing else",
    "cancelled": "; they count in nothing",
    "zero": "; gifts and adjustments are no purchases",
    "without a customer": "; left out",
    "of excluded customers": "; left out as asked",
    "further lines of an order": "; the order's amount is on its first line",
    "in another currency": "; left out",
    "unreadable": "; left out",
    "after the snapshot": "; left out",
    "dropped duplicates": "; equal to an earlier line in every cell",
}


@dataclass(frozen=True, kw_only=True)
class RfmReport:
    """What was read and what it became.

    Attributes:
        lines: data lines of the file; each is in exactly one of ``kinds``, so that they add up to it.
        kinds: kind of line -> how many, for every one of ``trainer.rfm.transaction_lines.KINDS``.
        unread: the reasons of the unreadable lines. They quote cells: for the screen, in no file.
        duplicates: lines equal to an earlier one in every cell, kept or dropped.
        customers: rows of the customer table.
        never_purchased: customers in the file without one purchase that counts; not in the table.
        nothing_left: customers in the table whose monetary value is zero or below; negative: below.
        snapshot: the day from which recency and tenure look back.
        headers: role -> header; ``assumed``: what was taken for granted, a sentence each.
        currency: of the values; empty where the file does not say.
        again: different lines that an earlier file has, too.
        warned: customers that may not be one, a sentence each. They quote identifiers: for the screen.
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

    def sentences(self) -> list[str]:
        """What became of the lines and customers; ``assumed`` is not repeated."""
        told = [f"lines: {self.lines:,}"]
        for kind in reversed(KINDS):
            if self.kinds[kind]:
                told.append(f"  {kind}: {self.kinds[kind]:,}{_WORDS.get(kind, '')}")
            if kind == "unreadable":
                told += [f"    {each.sentence()}" for each in self.unread]
        dropped = bool(self.kinds["dropped duplicates"])
        if self.duplicates and not dropped:
            equal = f"equal to an earlier line in every cell: {self.duplicates:,}"
            told.append(f"  {equal}; kept")
        if self.again:
            told.append(
                f"  in an earlier file, too: {self.again:,}; counted {'once' if dropped else 'twice'}"
            )
        told.append(f"customers: {self.customers:,}")
        if self.never_purchased:
            told.append(f"  left out: no valid purchase: {self.never_purchased:,}")
        if self.nothing_left:
            negative = f", below zero: {self.negative:,}" if self.negative else ""
            told.append(f"  gave back all they bought or more, but kept: {self.nothing_left:,}{negative}")
        return told
