"""``python -m inference.files.spark``, or ``spark-submit`` with this file: score a table into a folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from inference.errors import ArtifactError, InputError
from inference.files.options import CSV, PARQUET
from inference.files.read_arguments import (
    add_cell_arguments,
    add_column_arguments,
    cell_arguments,
    column_arguments,
)
from inference.files.score_advice import score_advice
from inference.files.spark.spark_session import spark_failure, spark_session
from inference.segmenter import Segmenter

DONE, FAILED, REFUSED = 0, 1, 2

_EPILOG = """\
SOURCE and TARGET are what Spark reads and writes: a path, hdfs://..., s3a://... TARGET is a folder of Parquet
with all columns of SOURCE, followed by segment, probability, route, novelty, error and note. Run again, it
does nothing if TARGET is complete; if not, it starts again.

The master, memory and packages are those of spark-submit; without it, of spark-defaults.conf.

Exit status: 0 the table is complete, also when some rows failed; 1 Spark failed, and TARGET is not complete;
2 nothing was written because the table or a setting cannot be used."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status (see its help)."""
    options = _parser().parse_args(arguments)
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        return _run(options)
    except InputError as error:
        print(f"error: {error.sentence(score_advice)}", file=sys.stderr)
    except ArtifactError as error:
        print(f"error: {error}", file=sys.stderr)
    except (PySparkException, Py4JJavaError) as error:
        print(
            f"error: the table must be scored by Spark, but it failed: {spark_failure(error)}",
            file=sys.stderr,
        )
        return FAILED
    return REFUSED


def _run(options: argparse.Namespace) -> int:
    from inference.files.spark.spark_job import score_folder
    from inference.files.spark.spark_tables import FolderOptions

    settings = FolderOptions(
        format=options.format,
        separator=options.separator.replace("\\t", "\t"),
        encoding=options.encoding,
        one_line_rows=options.one_line_rows,
        replace=options.force,
        **column_arguments(options),
        **cell_arguments(options),
    )
    segmenter = Segmenter.load(options.model)
    with spark_session() as session:
        scored = score_folder(segmenter, options.source, options.target, session=session, options=settings)
    for sentence in scored.sentences():
        print(sentence, file=sys.stderr)
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m inference.files.spark",
        description="Score a table of any size with Spark.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("source", metavar="SOURCE", help="a file or folder of Parquet or CSV")
    add("target", metavar="TARGET", help="a new folder")
    add("--model", required=True, type=Path, metavar="FILE", help="the model file, where the driver runs")
    add("--force", action="store_true", help="replace whatever TARGET has")
    add("--format", choices=(PARQUET, CSV), default="", help="of SOURCE (default: by its files' names)")
    add("--separator", default="", metavar="CHAR", help="of CSV (default: a comma)")
    add("--encoding", default="", help="of CSV (default: utf-8)")
    add(
        "--one-line-rows",
        action="store_true",
        help="no cell of CSV has a line break, so that a large file is read by several machines",
    )
    add_column_arguments(parser)
    add_cell_arguments(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
