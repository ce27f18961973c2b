"""Writes a proposal as ``segmentation.toml``, with the reason of each decision, for the user to edit.

Reading the file back over the same table gives the same schema. No cell is in it but values of categories.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from inference.contract import Category
from inference.errors import InputError
from inference.remedies import FixInput
from inference.wording import quoted_path
from trainer.roles.proposal import LEFT_OUT, OUTCOME, Decision, Proposal
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.schema import Feature
from trainer.schema.table_remedies import ChoosePath


def write_draft(path: Path, proposal: Proposal, *, source: str, data: str) -> None:
    """Write the file.

    Args:
        source: what the table is called, for the comment at the top; data: what the command line calls it.

    Raises:
        InputError: when the file is already there, or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(draft(proposal, source=source, command=f"--data {data} --config {path}"))
    except FileExistsError as error:
        raise InputError(
            f"{quoted_path(path)} must not exist yet, but it does and is not overwritten",
            remedies=[FixInput(action="move it"), ChoosePath()],
        ) from error
    except OSError as error:
        raise InputError(
            f"{quoted_path(path)} must be writable, but it is not ({error.strerror})", remedies=[ChoosePath()]
        ) from error


def draft(proposal: Proposal, *, source: str, command: str) -> str:
    """The text of the file."""
    lines = [
        f"# What the columns of {_comment(source)} are for, proposed from its {proposal.rows:,} rows.",
        f"# Edit it, then run: python -m trainer {_comment(command)}",
        "# Anything removed here is proposed from the data again. A number outside a range is refused.",
        *(f"# Note: {_comment(note)}" for note in proposal.notes),
        "",
        f"name = {_text(proposal.name)}",
        f"title = {_text(proposal.title)}",
        *_identifier(proposal),
        "",
        "# The columns and features that decide the segments; a customer without one is not clustered.",
        *_array("cluster", [(name, _why_clusters(proposal, name)) for name in proposal.clustering]),
        "",
        "# The columns, by header, that are left out.",
        *_array("ignore", [(each.header, each.reason) for each in _left_out(proposal)]),
        "",
        "# The columns, by header, that show what came of a customer: shown per segment, never used.",
        *_array("outcome", [(each.header, each.reason) for each in _outcomes(proposal)]),
        "",
        "# true: skewed amounts are log-transformed; false: the columns above are used as they are.",
        "log = false",
        *_meanings(proposal),
    ]
    for decision in proposal.decisions:
        if decision.spec is not None:
            lines += ["", *_column(decision, decision.spec)]
        elif decision.formats:
            lines += ["", *_unclear_dates(decision)]
    for feature in proposal.features:
        lines += ["", *_feature(feature, proposal.reasons.get(feature.name, ""))]
    return "\n".join(lines) + "\n"


def _left_out(proposal: Proposal) -> list[Decision]:
    return [each for each in proposal.decisions if each.role == LEFT_OUT and not each.formats]


def _outcomes(proposal: Proposal) -> list[Decision]:
    return [each for each in proposal.decisions if each.role == OUTCOME]


def _identifier(proposal: Proposal) -> Iterator[str]:
    if proposal.identifier is None:
        yield "# id = the header of the column that identifies a customer; no column looks like one"
        return
    reason = next(each.reason for each in proposal.decisions if each.header == proposal.identifier)
    yield f"id = {_text(proposal.identifier)}  # {_comment(reason)}"


def _why_clusters(proposal: Proposal, name: str) -> str:
    if name in proposal.reasons:
        return proposal.reasons[name]
    return next((each.reason for each in proposal.decisions if each.name == name), "")


def _meanings(proposal: Proposal) -> Iterator[str]:
    meanings = (
        ("value", proposal.value, "its total is the value of a segment, for tiers"),
        ("capacity", proposal.capacity, "how much a customer could spend; high with low spend is potential"),
        ("spend", proposal.spend, "how much a customer spends"),
    )
    for key, name, meaning in meanings:
        if name is None:
            yield f'{key} = ""  # {meaning}: no header suggests one'
        else:
            yield f"{key} = {_text(name)}  # {meaning}"


def _unclear_dates(decision: Decision) -> Iterator[str]:
    """A section that the user completes by choosing a format."""
    either = " or ".join(_text(each) for each in decision.formats)
    yield f"# [columns.{decision.name}]  # {decision.role}: {_comment(decision.reason)}"
    yield f"# source = {_text(decision.header)}"
    yield f"# date_format = {_text(decision.formats[0])}  # {either}; remove the first # of the three lines"


def _column(decision: Decision, spec: ColumnSpec) -> Iterator[str]:
    missing = f"; {decision.missing_share:.1%} missing" if decision.missing_share >= 0.0005 else ""
    yield f"[columns.{spec.name}]  # {decision.role}: {_comment(decision.reason)}{missing}"
    yield f"source = {_text(spec.header)}"
    yield f"kind = {_text(spec.kind)}"
    yield f"label = {_text(spec.label)}"
    yield f"unit = {_text(spec.unit)}"
    if spec.meaning:
        yield f"meaning = {_text(spec.meaning)}  # for names, tiers and actions"
        yield f"direction = {_text(spec.direction)}"
    if spec.person is not None:
        yield f"person = {str(spec.person).lower()}  # whether it describes the person: groups are compared"
    if spec.short:
        yield f"short = {_text(spec.short)}  # the word in names of segments"
    if spec.aliases:
        yield f"aliases = [{', '.join(_text(each) for each in spec.aliases)}]"
    if spec.range is not None:
        limits = f"range = [{spec.range[0]!r}, {spec.range[1]!r}]"
        yield limits if spec.hard_range else f"# {limits}  # remove the first # to refuse numbers outside"
    if spec.categories:
        yield from _array("categories", [(each, "") for each in spec.categories])
        if spec.has_order:
            values = ", ".join(f"{_text(each.value)}" for each in spec.categories)
            yield f"order = [{values}]  # from low to high, as numbers; [] means no order"
        if spec.missing:
            yield f"missing = [{', '.join(map(_text, spec.missing))}]  # counts as missing"
        if spec.other:
            yield f"other = {_text(spec.other)}  # used for every value that is not listed"
    if column_kind(spec).is_date:
        if spec.date_format:
            yield f"date_format = {_text(spec.date_format)}"
        yield f"# [features.days_since_{spec.name}]  # a number for clustering, counted to a day you choose"
        yield f"# label = {_text(f'Days since {spec.label}')}"
        yield f"# formula = 'days_since({spec.name}, \"2026-01-01\")'"


def _feature(feature: Feature, reason: str) -> Iterator[str]:
    yield f"[features.{feature.name}]" + (f"  # {_comment(reason)}" if reason else "")
    yield f"label = {_text(feature.label)}"
    yield f"formula = {_text(feature.formula.text)}"


def _array(key: str, values: list[tuple[str, str]] | list[tuple[Category, str]]) -> Iterator[str]:
    if not values:
        yield f"{key} = []"
        return
    yield f"{key} = ["
    for value, reason in values:
        item = _text(value) if isinstance(value, str) else _category(value)
        yield f"    {item}," + (f"  # {_comment(reason)}" if reason else "")
    yield "]"


def _category(category: Category) -> str:
    if not category.aliases:
        return _text(category.value)
    aliases = ", ".join(_text(each) for each in category.aliases)
    return f"{{value = {_text(category.value)}, aliases = [{aliases}]}}"


def _text(value: str) -> str:
    """A text in TOML: as it is where it has double quotes, else with JSON's escapes, TOML's but for DEL."""
    if '"' in value and "'" not in value and "\\" not in value and value.isprintable():
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    """A text that ends no comment: on one line, without signs that do not print."""
    return "".join(sign if sign.isprintable() else " " for sign in " ".join(text.split()))
