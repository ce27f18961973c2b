"""What became of an uploaded file, as cards: how many of which segment, what was refused, the first rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from inference import Contract
from service.customer_values import typical_customer
from service.languages.language import listed
from service.languages.number_format import by_count, grouped, percent
from service.page.draw.markup import Markup, element, in_english
from service.page.draw.palette import segment_style
from service.page.scored.preview import Preview
from service.page.texts import model_texts, score_texts
from service.page.views.answer_card import message
from service.page.views.tables import table

if TYPE_CHECKING:
    from inference import Scored  # loads pyarrow
    from inference.files.summary import Problem

LONG = 30  # characters; a longer cell gets a wider column


def before(contract: Contract, *, largest: int, most_rows: int) -> Markup:
    """What is shown until a file is uploaded: what it may contain, and an example."""
    needed = [column.title for column in contract.columns if column.role == "clustering"]
    others = [column.title for column in contract.columns if column.role != "clustering"]
    points = [by_count(len(needed), score_texts.SCORE_NEEDS).format(columns=listed(needed))]
    if others:
        points.append(by_count(len(others), score_texts.SCORE_HELPS).format(columns=listed(others)))
    points += [
        score_texts.SCORE_KEEPS,
        by_count(most_rows, score_texts.SCORE_LIMITS).format(
            size=score_texts.SCORE_MEGABYTES.format(count=largest // 10**6)
        ),
        score_texts.SCORE_PRIVATE,
    ]
    example = element(
        "a",
        score_texts.SCORE_EXAMPLE,
        href=f"data:text/csv;charset=utf-8,{quote(example_rows(contract))}",
        download=score_texts.SCORE_EXAMPLE_NAME,
        class_="chip",
    )
    return element(
        "section",
        element("h2", score_texts.SCORE_BEFORE_TITLE),
        element("ul", *(element("li", point) for point in points), class_="points"),
        element("p", example),
        class_="card",
    )


def example_rows(contract: Contract) -> str:
    """A CSV file with one typical customer of each segment."""
    lines = [",".join(_cell(column.name) for column in contract.columns)]
    for segment in contract.segments:
        customer = typical_customer(contract, segment)
        lines.append(",".join(_cell(customer[name]) for name in contract.names))
    return "\r\n".join(lines) + "\r\n"


def summary_view(contract: Contract, scored: Scored, *, name: str) -> Markup:
    """The card about a file that was scored: how its rows were answered, and how many of which segment."""
    refused = scored.errors - scored.left_out
    tiles = [
        (scored.complete, score_texts.SCORE_COMPLETE, "tile"),
        (scored.partial, score_texts.SCORE_PARTIAL, "tile"),
        (scored.prior, score_texts.SCORE_PRIOR, "tile"),
        (refused, score_texts.SCORE_ERRORS, "tile bad" if refused else "tile"),
    ]
    shown = [
        element("div", element("dt", words), element("dd", grouped(count)), class_=kind)
        for count, words, kind in tiles
    ]
    return element(
        "section",
        element("h2", by_count(scored.rows, score_texts.SCORE_DONE)),
        element("p", name, class_="hint"),
        element("dl", *shown, class_="tiles"),
        element("h3", score_texts.SCORE_SEGMENTS),
        _segments(contract, scored),
        element("p", score_texts.SCORE_TRAINING, class_="hint"),
        class_="card",
        role="status",
    )


def details_view(contract: Contract, scored: Scored, preview: Preview, placed: Markup) -> Markup:
    """The cards below it: the customers on the map, what was refused, the reading, and the first rows."""
    problems = _refusals(scored.problems, score_texts.SCORE_PROBLEMS, score_texts.SCORE_PROBLEMS_NOTE)
    notes = _refusals(scored.notes, score_texts.SCORE_NOTES, score_texts.SCORE_NOTES_NOTE)
    parts = [each for each in (problems, notes, _reading(scored)) if each]
    kind = "two" if len(parts) > 1 else "stack"
    below = element("div", *parts, class_=kind)
    return element("div", placed, below, _first_rows(contract, preview), class_="stack")


def refused_view(sentence: str) -> Markup:
    """The card about a file that cannot be scored."""
    return message(score_texts.SCORE_REFUSED, sentence, "problem")


def _segments(contract: Contract, scored: Scored) -> Markup:
    total = max(1, sum(scored.segments.values()))
    order = sorted(contract.segments, key=lambda each: (-scored.segments.get(each.name, 0), each.id))
    rows = []
    for segment in order:
        count = scored.segments.get(segment.name, 0)
        share = element("i", style=f"width:{count / total:.1%}")
        trained = element("b", class_="trained", style=f"inset-inline-start:{segment.share:.1%}")
        track = element("span", share, trained, class_="track")
        written = grouped(count) if count in (0, total) else f"{grouped(count)} · {percent(count / total)}"
        told = score_texts.SCORE_TRAINING_SHARE.format(share=percent(segment.share))
        figure = element("span", written, " ", element("small", f"({told})"), class_="figure")
        swatch = element("span", class_="swatch", aria_hidden="true")
        rows.append(
            element(
                "li",
                element("span", swatch, segment.name, class_="name"),
                element("span", element("span", track, figure, class_="bar wide-figure"), class_="bars"),
                class_="row",
                style=segment_style(segment.id),
            )
        )
    return element("ol", *rows, class_="ranking")


def _refusals(refused: Sequence[Problem], title: str, meaning: str) -> Markup:
    if not refused:
        return Markup("")
    head = [model_texts.COL_COLUMN, score_texts.SCORE_COL_PROBLEM, score_texts.COL_ROWS]
    rows = [
        [
            each.column or model_texts.NONE,
            element("span", in_english(each.example), class_="wide"),
            grouped(each.rows),
        ]
        for each in refused
    ]
    note = element("p", meaning, class_="hint")
    return element("section", element("h2", title), note, table(title, head, rows), class_="card")


def _reading(scored: Scored) -> Markup:
    notes = [in_english(_sentence(each)) for each in scored.reading.sentences()]
    if scored.left_out:
        about = by_count(scored.left_out, score_texts.SCORE_LEFT_OUT)
        notes.append(about.format(example=scored.left_out_example))
    if scored.neutralised:
        notes.append(by_count(scored.neutralised, score_texts.SCORE_NEUTRALISED))
    if scored.undecodable:
        notes.append(by_count(scored.undecodable, score_texts.SCORE_UNDECODABLE))
    points = element("ul", *(element("li", each) for each in notes), class_="points")
    note = element("p", score_texts.SCORE_READING_NOTE, class_="hint")
    return element("section", element("h2", score_texts.SCORE_READING), points, note, class_="card")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def _first_rows(contract: Contract, preview: Preview) -> Markup:
    if not preview.header:
        return Markup("")
    title = by_count(len(preview.rows), score_texts.SCORE_ROWS)
    styles = {segment.name: segment_style(segment.id) for segment in contract.segments}
    rows = [
        [_shown(cell, styles, at in preview.added) for at, cell in enumerate(row)] for row in preview.rows
    ]
    note = element("p", score_texts.SCORE_ROWS_NOTE, class_="hint")
    shown = table(title, preview.header, rows, shaded=preview.added)
    return element("section", element("h2", title), note, shown, class_="card")


def _shown(cell: str, styles: dict[str, str], added: bool) -> str:
    if len(cell) > LONG:
        return element("span", cell, class_="wide")
    if not added or cell not in styles:
        return cell or model_texts.NONE
    swatch = element("span", class_="swatch", aria_hidden="true")
    return element("span", swatch, cell, class_="name", style=styles[cell])


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text
