"""Checks that one row in the table of cards is shown on the page, from values that are computed once."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

import pytest

from inference import Segmenter
from service.customer_values import Customer
from service.page.draw.markup import element
from service.page.handlers import PageHandlers
from service.page.page import build_page
from service.page.views import prediction_context
from service.page.views.cards import CARDS, Area, Card

CUSTOMER: Customer = {"gender": "Female", "age": 30, "annual_income": 80, "spending_score": 80}
TOY = Card(
    name="toy",
    area=Area.SIDE,
    render=lambda context: element("section", f"Toy of {context.answer.segment}", class_="card"),
    shown=lambda context: context.segment is not None,
)


def test_a_new_card_is_shown_at_its_position_and_under_its_condition(published: Segmenter) -> None:
    handlers = PageHandlers(published, (*CARDS, TOY))
    _, summary, main, _, side, _ = handlers.show(CUSTOMER)
    expected = f"Toy of {published.predict(**CUSTOMER).segment}"
    assert expected in side
    assert expected not in main + summary
    assert "Toy of" not in "".join(handlers.show({"age": 30}))


def test_a_new_card_is_on_the_page_from_the_start(published: Segmenter) -> None:
    page = build_page(published, cards=(*CARDS, TOY))
    shown = " ".join(str(getattr(block, "value", "")) for block in page.blocks.values())
    assert "Toy of" in shown


def test_every_card_has_its_own_name() -> None:
    names = [each.name for each in CARDS]
    assert len(names) == len(set(names))


def test_a_customer_is_checked_answered_and_explained_once(
    published: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: Counter[str] = Counter()

    def counted(name: str) -> Any:
        function = getattr(prediction_context, name)

        def count(*values: Any, **named: Any) -> Any:
            calls[name] += 1
            return function(*values, **named)

        return count

    for name in ("check_row", "explain", "smallest_changes"):
        monkeypatch.setattr(prediction_context, name, counted(name))
    alone = 0

    class Counting:
        contract, fingerprint = published.contract, published.fingerprint

        def answer(self, checked: Any, *, opinion: bool = False) -> Any:
            nonlocal alone
            alone += checked.rows == 1
            return published.answer(checked, opinion=opinion)

    PageHandlers(cast(Segmenter, Counting())).show(CUSTOMER)
    assert calls == {"check_row": 1, "explain": 1, "smallest_changes": 1}
    assert alone == 1
