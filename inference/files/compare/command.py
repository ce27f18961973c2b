"""``python -m inference compare``: who changed the segment between two scored files."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from inference.errors import InputError, files_missing
from inference.wording import counted, quoted_path

EPILOG = """\
BEFORE and AFTER are files that the command score wrote (any of its formats), with one row per customer in
any order. Customers are matched by the column that both call an id, or by --id.

Noise in the columns carries customers over a border both ways alike. What is printed as unexplained by chance
went one way more often than the other beyond that; where nothing changed, 1 of 100 comparisons finds such a
flow. If the files were scored with two models, give both: another training alone moves the borders, and how
far is known from the models' bootstraps.

Exit status: 0 compared, whatever was found; 2 a file or a setting cannot be used."""


def add_compare(commands: Any) -> None:
    """Add the command to the program's."""
    parser = commands.add_parser(
        "compare",
        help="who changed the segment between two scored files",
        description="Compares two scored files of the same customers.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("before", metavar="BEFORE", type=Path, help="scored file of the earlier date")
    add("after", metavar="AFTER", type=Path, help="scored file of the later date")
    add("--id", default="", metavar="HEADER", help="the column that says who a customer is")
    add("--segment", default="segment", metavar="HEADER", help="with the segments (default: segment)")
    add("--model-before", type=Path, metavar="FILE", help="the model that scored BEFORE")
    add("--model-after", type=Path, metavar="FILE", help="the model that scored AFTER")
    add("--html", type=Path, metavar="FILE", help="write a page with a picture of the flows")
    add("--json", type=Path, metavar="FILE", help="write all figures; - prints them")
    add("--moved", type=Path, metavar="FILE", help="write who moved, as CSV: id, from, to")
    add("--force", action="store_true", help="replace files that exist")
    add("--quiet", action="store_true", help="print errors only")
    parser.set_defaults(run=run_compare)


def run_compare(options: argparse.Namespace) -> int:
    """Compare, print and write what was asked for."""
    from inference.drift.flow_page import flow_page
    from inference.drift.flow_picture import flow_picture
    from inference.drift.movement import judge_movement
    from inference.drift.movement_words import movement_document, movement_sentences

    try:
        from inference.files.compare.two_files import CompareOptions, compare_files
        from inference.files.progress import progress_bar
    except ModuleNotFoundError as error:
        raise InputError(files_missing(error)) from error

    for path in (options.html, options.json, options.moved):
        if path is not None and str(path) != "-" and path.exists() and not options.force:
            raise InputError(
                f"{quoted_path(path)} must not exist yet, but it does; give another name, or --force to "
                "replace it"
            )
    order, refit = _models(options.model_before, options.model_after)
    settings = CompareOptions(id=options.id, segment=options.segment, order=order)
    with progress_bar(quiet=options.quiet) as progress, _moved_to(options.moved) as moved:
        compared = compare_files(
            options.before, options.after, options=settings, progress=progress, moved=moved
        )
    judgement = judge_movement(compared.movement, refit=refit)
    sentences = movement_sentences(compared.movement, judgement)
    document = {**movement_document(compared.movement, judgement), "id": compared.id}
    if options.html is not None:
        dates = (options.before.name, options.after.name)
        picture = flow_picture(compared.movement, judgement, dates=dates)
        _write(options.html, flow_page("Who changed the segment", sentences, picture, compared.movement))
    if options.json is not None:
        text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
        sys.stdout.write(text) if str(options.json) == "-" else _write(options.json, text)
    if not options.quiet and str(options.json) != "-":
        lines = [f"customers are matched by {compared.id!r}", table(compared.movement), *sentences]
        lines += [f"{counted(count, 'row')} {words}." for count, words in _left_out(compared) if count]
        sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _left_out(compared: Any) -> list[tuple[int, str]]:
    """Rows that are in no figure, and why."""
    return [
        (compared.without_segment, "with a segment at one date only, because a row was not scored"),
        (compared.without_id, "left out: no id, or more or fewer cells than the header"),
    ]


def table(movement: Any) -> str:
    """The flows in columns of text, before in rows and after in columns."""
    names = movement.segments
    head = ["", *(f"({index + 1})" for index in range(len(names))), "gone"]
    rows = [
        [f"({index + 1}) {name}", *(f"{count:,}" for count in (*movement.flows[index], movement.gone[index]))]
        for index, name in enumerate(names)
    ]
    rows.append(["new", *(f"{count:,}" for count in movement.arrived), ""])
    widths = [max(len(row[index]) for row in [head, *rows]) for index in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if not index else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [head, *rows]
    )


def _models(before: Path | None, after: Path | None) -> tuple[tuple[str, ...], float | None]:
    """The segments in the models' order, and the share that another training may move."""
    from inference import Segmenter
    from inference.drift.movement import refit_noise

    models = [Segmenter.load(path) for path in (before, after) if path is not None]
    order = tuple(dict.fromkeys(segment.name for model in models for segment in model.contract.segments))
    if len(models) < 2 or models[0].fingerprint == models[1].fingerprint:
        return order, None
    choices = [model.contract.choice for model in models]
    rows = [choice.row if choice is not None else None for choice in choices]
    return order, refit_noise([row.jaccard if row is not None else 0.0 for row in rows])


@contextmanager
def _moved_to(path: Path | None) -> Iterator[Callable[..., None] | None]:
    """Writes who moved as CSV, cells that a spreadsheet would run with an apostrophe."""
    if path is None:
        yield None
        return
    import pyarrow as pa

    from inference.files.write.atomic_output import open_target
    from inference.files.write.csv_injection import neutral_text

    with open_target(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        writer = csv.writer(text)
        writer.writerow(["id", "from", "to"])

        def moved(ids: Sequence[str], before: Sequence[str], after: Sequence[str]) -> None:
            safe = neutral_text(pa.array(ids, pa.string()))[0].to_pylist()
            writer.writerows(zip(safe, before, after, strict=True))

        yield moved
        text.flush()
        text.detach()


def _write(path: Path, text: str) -> None:
    from inference.files.write.atomic_output import open_target

    with open_target(path) as stream:
        stream.write(text.encode())
