"""Scores tables that are too large for one machine with Apache Spark; needs pyspark and pyarrow.

``score`` adds the columns of a scored file to a DataFrame; ``python -m inference.files.spark`` scores a
folder.
"""

from inference.files.spark.frame_scoring import score

__all__ = ["score"]
