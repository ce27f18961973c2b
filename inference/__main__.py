"""``python -m inference``: score a file, compare two scored files, or write the model as SQL."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from inference import ArtifactError, InputError, Segmenter
from inference.engines.engine_commands import add_c, add_float, add_sql, add_xlsx
from inference.errors import files_missing
from inference.files.compare.command import add_compare
from inference.files.stopping import INTERRUPTED, unfinished_removed
from inference.wording import quoted_path

SCRIPT = "customer-segmentation"  # the command that the wheel installs
MODEL = Path(__file__).parents[1] / "artifacts" / "model.onnx"
DONE, ROWS_IN_ERROR, REFUSED, BROKEN_PIPE = 0, 1, 2, 141
PIPE = "-"
WRITTEN = (".csv", ".tsv", ".txt", ".parquet", ".pq", ".arrow", ".arrows", ".json", ".ndjson", ".jsonl")

_EPILOG = """\
OUT has all rows of IN in the same order and all columns of IN unchanged, followed by segment, probability,
route, novelty, error and note (a row with too few cells gets empty ones before them). Route is "complete"
(every clustering column was known: the nearest centroid answered), "partial" (a classifier answered from
what is known), "prior" (nothing is known) or "error" (the row was not scored; error says why). CSV keeps
its separator, encoding and line ends. OUT gets its name when it is completely written, not before.

Only a clustering column can make a row fail. A profile column's cell that cannot be used counts as missing,
and note says why; a profile column that IN does not have is unknown in every row, and the summary says so.

In CSV, a text cell that starts with = + - @, a tab or a carriage return could be run by spreadsheets:
it is prefixed with an apostrophe, and the summary counts such cells. Numbers such as -5 do not change.
--keep-formulas writes such cells as they are.

Lines above the headers are kept and not scored. Rows about the table (totals, units, sources, filters,
footnotes) are also not scored: their error cell has the reason, and they do not count as failed.
--keep-totals scores them.

Blank cells and NA, N/A, NaN, null and None are missing. Added numbers have a decimal comma if the numbers of
the file have one and the separator is not a comma.

Exit status: 0 every row was scored, 1 some rows failed, 2 nothing was written because the file or a
setting cannot be used, 130 and 143 the run was interrupted, 141 the reader of the output stopped."""


def run() -> int:
    """The installed command: ``main``, started without what pyarrow imports in vain."""
    _avoid_pandas()
    return main()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status (see its help)."""
    options = _parser().parse_args(arguments)
    try:
        with unfinished_removed():
            return int(options.run(options))
    except (InputError, ArtifactError) as error:
        print(f"error: {_message(error)}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("interrupted; nothing was written under the final name", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of the output has stopped
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so it is not flushed at exit
        return BROKEN_PIPE


def _message(error: InputError | ArtifactError) -> str:
    """An error in words; what to do about it in options of the command line."""
    if not isinstance(error, InputError):
        return str(error)
    from inference.files.score_advice import score_advice

    return error.sentence(score_advice)


def _score(options: argparse.Namespace) -> int:
    from inference.files.options import ScoreOptions
    from inference.files.read_arguments import read_arguments

    try:
        from inference.files.progress import progress_bar
        from inference.files.scoring import score_file
    except ModuleNotFoundError as error:
        raise InputError(files_missing(error)) from error

    settings = ScoreOptions(
        **read_arguments(options),
        output_format=options.output_format,
        neutralise=not options.keep_formulas,
        replace=options.force,
        max_bytes=options.max_bytes,
        max_rows=options.max_rows,
    )
    segmenter = Segmenter.load(_model(options.model))
    source, target = _ends(options)
    with progress_bar(quiet=options.quiet) as progress:
        scored = score_file(segmenter, source, target, options=settings, progress=progress)
    if not options.quiet:
        for sentence in (*scored.reading.sentences(), *scored.sentences()):
            print(sentence, file=sys.stderr)
        if isinstance(target, Path):
            print(f"written to {target}", file=sys.stderr)
    return ROWS_IN_ERROR if scored.errors > scored.left_out else DONE


def _model(given: Path | None) -> Path:
    """The model file: the given one, or that of the clone this package is in."""
    if given is None and not MODEL.is_file():
        raise InputError("a model file must be named, but --model is missing; give --model FILE")
    return given or MODEL


def _ends(options: argparse.Namespace) -> tuple[Path | BinaryIO, Path | BinaryIO]:
    """Where to read and to write."""
    source: Path | BinaryIO = sys.stdin.buffer if options.source == PIPE else Path(options.source)
    given = options.target
    if given is None:
        named = isinstance(source, Path) and (source.is_file() or not source.exists())  # and no pipe <(...)
        given = str(_beside(source, options.output_format)) if named and isinstance(source, Path) else PIPE
    if given == PIPE:
        if sys.stdout is None:
            raise InputError("the standard output must be open for writing, but it is closed; name a file")
        return source, sys.stdout.buffer
    target = Path(given)
    if _taken(target) and not options.force:
        raise InputError(
            f"{quoted_path(target)} must not exist yet, but it does; "
            "give another name, or --force to replace it"
        )
    return source, target


def _taken(target: Path) -> bool:
    """Whether there is a file or a folder of this name."""
    try:
        return target.is_file() or target.is_dir()
    except OSError as error:
        raise InputError(
            f"{quoted_path(target)} must be a file that can be written, but it is not ({error.strerror}); "
            "give another name"
        ) from None


def _beside(source: Path, output_format: str) -> Path:
    """``customers.csv`` -> ``customers.scored.csv``."""
    from inference.files.options import EXTENSIONS

    suffix = source.suffix if source.suffix.lower() in WRITTEN else ".csv"
    return source.with_suffix(
        ".scored" + (f".{EXTENSIONS.get(output_format, output_format)}" if output_format else suffix)
    )


def _parser() -> argparse.ArgumentParser:
    program = SCRIPT if Path(sys.argv[0]).stem == SCRIPT else "python -m inference"
    parser = argparse.ArgumentParser(prog=program, description="Predicts with a model file.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    score = commands.add_parser(
        "score",
        help="score a CSV, Parquet, Excel, Arrow or JSON file",
        description="Scores a CSV, Parquet, Excel, Arrow or JSON file.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    from inference.files.read_arguments import add_read_arguments

    add = score.add_argument
    add(
        "source",
        metavar="IN",
        help="CSV (any separator and encoding), Parquet, Excel, Arrow, JSON; - reads a pipe",
    )
    add(
        "target",
        metavar="OUT",
        nargs="?",
        help="CSV, Parquet, xlsx, Arrow or JSON by its extension; - writes a pipe (default: IN.scored.csv)",
    )
    add("--model", type=Path, metavar="FILE", help="default: artifacts/model.onnx in a clone")
    add_read_arguments(score)
    add(
        "--output-format",
        default="",
        help="of OUT: csv, parquet, excel, arrow, json or ndjson (default: by its extension, then as IN)",
    )
    add("--keep-formulas", action="store_true", help="do not prefix cells that start like a formula")
    add("--max-bytes", type=int, metavar="N", help="refuse a larger file")
    add("--max-rows", type=int, metavar="N", help="refuse a longer file")
    add("--force", action="store_true", help="replace OUT if it exists")
    add("--quiet", action="store_true", help="print errors only")
    score.set_defaults(run=_score)
    add_compare(commands)
    add_sql(commands)
    add_c(commands)
    add_xlsx(commands)
    add_float(commands)
    return parser


class _NoPandas:
    """Makes pandas appear not to be installed, while it is in ``sys.meta_path``."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:
        if name == "pandas":
            raise ImportError(name)


def _avoid_pandas() -> None:
    """Prevent pyarrow from importing pandas with its first array: this takes half a second without use."""
    try:
        import pyarrow as pa
    except ModuleNotFoundError:
        return  # the command says what is missing when it is needed
    sys.meta_path.insert(0, _NoPandas)
    pa.array([0])
    sys.meta_path.remove(_NoPandas)


if __name__ == "__main__":
    sys.exit(run())
