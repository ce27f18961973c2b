"""What the model answers: for one customer and for many, and how one customer is asked for."""

from inference.answers.answer import COMPLETE_ROUTE, PARTIAL_ROUTE, PRIOR_ROUTE, Answer, one_answer
from inference.answers.many_answers import Answers, Brief, chosen

__all__ = [
    "COMPLETE_ROUTE",
    "PARTIAL_ROUTE",
    "PRIOR_ROUTE",
    "Answer",
    "Answers",
    "Brief",
    "chosen",
    "one_answer",
]
