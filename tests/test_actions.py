"""Checks that every segment gets an action of its own, that it fits, and that no entry is out of reach."""

from __future__ import annotations

import pytest

from trainer.schema.meanings import MEANINGS
from trainer.segments.naming.action_catalogue import actions_for, catalogue, tier_action
from trainer.segments.naming.life_cycle import CUSTOMERS
from trainer.segments.naming.segment_value import TIERS

pytestmark = pytest.mark.fast

FACTS = {
    *CUSTOMERS,
    *("new", "established", "active", "cooling", "away"),
    *("value high", "value average", "value low"),
    *(
        "leaving",
        "staying",
        "responding",
        "not responding",
        "risky",
        "safe",
        "potential",
        "enthusiast",
        "worse",
    ),
    *(f"{meaning} {level}" for meaning in MEANINGS for level in ("low", "high")),
}


def test_every_entry_asks_for_facts_that_exist() -> None:
    for entry in catalogue().entries:
        assert entry.when <= FACTS, entry
        assert 20 <= len(entry.text) <= 125, entry


def test_every_entry_can_be_chosen() -> None:
    texts = [entry.text for entry in catalogue().entries]
    assert len(set(texts)) == len(texts)
    for place, entry in enumerate(catalogue().entries):
        earlier = [each for each in catalogue().entries[:place] if each.when <= entry.when]
        alike = [frozenset(entry.when)] * (len(earlier) + 1)
        chosen = actions_for(alike, [f"Name {number}" for number in range(len(alike))])
        assert any(entry.text.startswith(text[:30]) for text in chosen)


def test_segments_alike_in_everything_get_different_actions() -> None:
    for facts in (frozenset[str](), frozenset({"value low"}), frozenset({"lapsed", "away", "value low"})):
        chosen = actions_for([facts] * 12, [f"Group {letter}" for letter in "ABCDEFGHIJKL"])
        assert len(set(chosen)) == len(chosen)


def test_the_order_of_the_segments_does_not_matter() -> None:
    facts = [frozenset({"value high"}), frozenset({"value high", "leaving"}), frozenset({"value low"})]
    names = ["a", "b", "c"]
    assert actions_for(facts[::-1], names[::-1]) == actions_for(facts, names)[::-1]


@pytest.mark.parametrize("name", ["{traits}", "{0}", "a {b} c", "High spend"])
def test_a_name_with_braces_is_text(name: str) -> None:
    (action,) = actions_for([frozenset()], [name])
    assert name[1:] in action


@pytest.mark.parametrize("tier", TIERS)
def test_every_tier_has_an_action(tier: str) -> None:
    assert tier_action(tier)


def test_customers_in_debt_get_no_credit() -> None:
    (action,) = actions_for([frozenset({"debt high", "value high", "potential"})], ["High debt"])
    assert "no offers on credit" in action
