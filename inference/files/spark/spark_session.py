"""The session of a command that works with Spark, and why Spark failed."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from inference.wording import shortened

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

BATCH_ROWS = 50_000  # at a time, in each process
_BY_SUBMIT = "PYSPARK_GATEWAY_PORT"  # spark-submit sets it
_CAUSE = "Caused by: "  # in front of each cause of Java's errors, the first one last


def spark_session(*, bars: bool = True) -> SparkSession:
    """A session in which a time has the same day on every machine, as in files.

    Args:
        bars: whether Spark shows how far it is, on the error stream.
    """
    from pyspark.sql import SparkSession

    if _BY_SUBMIT not in os.environ:  # otherwise any python3 of this machine would do the work
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return (
        SparkSession.builder.appName("customer-segmentation")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", BATCH_ROWS)
        .config("spark.ui.showConsoleProgress", bars)
        .getOrCreate()
    )


def spark_failure(error: Exception) -> str:
    """Why Spark failed, on one line, without the places in its code."""
    text = str(error).rpartition(_CAUSE)[2]
    return shortened(" ".join(line.strip() for line in text.splitlines() if not line.startswith("\tat ")))
