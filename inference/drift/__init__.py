"""Whether the customers that a model sees still are like those it was trained on; counts in, lights out.

Needs the histograms of the contract and counts of the new customers, never the customers themselves. Uses
numpy and no other library.
"""

from inference.drift.alarms import Alarms, of_report
from inference.drift.checks import Check
from inference.drift.counts import Counts
from inference.drift.judgement import Judgement, judge
from inference.drift.layout import Layout
from inference.drift.lights import AMBER, GREEN, RED, TOO_FEW, worst

__all__ = [
    "AMBER",
    "GREEN",
    "RED",
    "TOO_FEW",
    "Alarms",
    "Check",
    "Counts",
    "Judgement",
    "Layout",
    "judge",
    "of_report",
    "worst",
]
