"""What a movement says, in sentences and as plain values."""

from __future__ import annotations

from typing import Any

from inference.drift.movement import Flow, Judgement, Movement, Shift
from inference.wording import counted

SHOWN = 5  # findings in sentences; a document has all
LEAST = 0.001  # probabilities below are not told apart


def movement_sentences(movement: Movement, judgement: Judgement) -> list[str]:
    """How many moved, what chance explains of it, and what it does not."""
    total, moved = movement.customers, movement.moved
    if not total:
        return ["No customer is there at both dates, so nothing can be said about movement."]
    found = [
        f"{counted(moved, 'customer')} of {total:,} ({moved / total:.1%}) changed the segment. If the "
        f"segments of the two dates had nothing to do with each other, {movement.unrelated:.1%} would have."
    ]
    if judgement.refit is not None:
        found.append(
            "The segments come from two models. Another training on other customers alone may move up to "
            f"{judgement.refit:.1%} of the customers one way."
        )
    if not moved:
        return [*found, *_others(movement)]
    if not judgement.alarm:
        found.append(
            f"Chance explains it: set off against each other, {movement.one_way:,} went one way, and no "
            "difference between two directions is larger than noise at the borders of segments gives."
        )
    else:
        found.append(
            f"Chance does not explain at least {judgement.beyond:,} of them ({judgement.beyond / total:.1%})."
        )
        found += [_flow(movement, each) for each in judgement.flows[:SHOWN]]
        found += [_shift(movement, each) for each in judgement.shifts[:SHOWN]]
        more = max(len(judgement.flows) - SHOWN, 0) + max(len(judgement.shifts) - SHOWN, 0)
        found += [f"{counted(more, 'more finding')} of this kind."] if more else []
    return [*found, *_others(movement)]


def movement_document(movement: Movement, judgement: Judgement) -> dict[str, Any]:
    """The same for JSON: counts by names, findings with their chances, and the sentences."""
    names = movement.segments
    return {
        "segments": list(names),
        "customers": movement.customers,
        "moved": movement.moved,
        "moved_if_unrelated": movement.unrelated,
        "one_way": movement.one_way,
        "beyond_chance": judgement.beyond,
        "refit_noise": judgement.refit,
        "alarm": judgement.alarm,
        "flows": [
            {"from": names[a], "to": names[b], "customers": int(movement.flows[a, b])}
            for a in range(len(names))
            for b in range(len(names))
            if movement.flows[a, b]
        ],
        "arrived": dict(zip(names, movement.arrived.tolist(), strict=True)),
        "gone": dict(zip(names, movement.gone.tolist(), strict=True)),
        "unexplained_flows": [
            {
                "from": names[each.source],
                "to": names[each.target],
                "there": each.there,
                "back": each.back,
                "chance": each.chance,
            }
            for each in judgement.flows
        ],
        "unexplained_segments": [
            {
                "segment": names[each.segment],
                "entered": each.entered,
                "left": each.left,
                "chance": each.chance,
            }
            for each in judgement.shifts
        ],
        "sentences": movement_sentences(movement, judgement),
    }


def _flow(movement: Movement, flow: Flow) -> str:
    names = movement.segments
    return (
        f"From {names[flow.source]} to {names[flow.target]} went {flow.there:,}, back {flow.back:,} "
        f"({_chance(flow.chance)})."
    )


def _shift(movement: Movement, shift: Shift) -> str:
    net = shift.entered - shift.left
    word = "gained" if net > 0 else "lost"
    return (
        f"{movement.segments[shift.segment]} {word} {abs(net):,}: {shift.entered:,} entered, {shift.left:,} "
        f"left ({_chance(shift.chance)})."
    )


def _chance(chance: float) -> str:
    return f"p < {LEAST}" if chance < LEAST else f"p = {chance:.3f}"


def _others(movement: Movement) -> list[str]:
    arrived, gone = int(movement.arrived.sum()), int(movement.gone.sum())
    if not arrived and not gone:
        return []
    return [
        f"{counted(arrived, 'customer')} came and {gone:,} went between the two dates; they are not among "
        "those who moved."
    ]
