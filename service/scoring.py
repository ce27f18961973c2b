"""The one door through which the page scores files."""

from inference import ScoreOptions, score_file
from inference.files.tally import Scored

__all__ = ["ADDED", "ScoreOptions", "Scored", "score_file"]

ADDED = ("segment", "probability", "route", "novelty", "error")  # behind the columns of the file
