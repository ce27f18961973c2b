"""The words of an answer: segment, probability, reasons and changes."""

from __future__ import annotations

from service.languages.plurals import Plural
from service.languages.translated import translated

EMPTY_TITLE = "Nothing is known yet"
EMPTY_TEXT = (
    "Enter at least one value, or start from a typical customer. Until then, only the segment sizes "
    "are known."
)
EMPTY_SHORT = "Enter a value to see a segment"
OUTDATED_SHORT = "Load this page again"
OUTDATED_TITLE = "A new model answers now"
OUTDATED_TEXT = (
    "This page was opened with an earlier model. Load it again to see the new segments; the values you "
    "entered are kept."
)
OUTDATED_LINK = "Load the page with these values"
PROBLEM_TITLE = "This value cannot be used"
PROBLEM_SHORT = "Check a value"
FAILED = "Something went wrong on our side. Please try again; if it happens again, reload the page."
FAILED_TITLE = "No answer"

UNSURE_TITLE = "Not enough information to name one segment"
UNSURE_TEXT = (
    "Most likely {first} ({percent}), but a segment is named only from a probability of {threshold}. "
    "Add more values to get closer."
)
UNSURE_SHORT = "Not enough information"
PROBABILITY = "probability"
ACTION = "What to do"
ACTION_BECAUSE = "Because: {figures}."
RATE = "rate {index}"
SEGMENT_VALUE = "Value"
SEGMENT_VALUE_TEXT = "{customers} of customers, {value} of total value."
SEGMENT_COSTS_TEXT = "{customers} of customers; their total is below zero, so they lower the total value."
SIZE = "Size"
SIZE_TEXT = "{customers} of customers."
TIERS = {"premium": "Premium tier", "average": "Average tier", "low-spending": "Low-spending tier"}
TIERS_SHORT = {"premium": "Premium", "average": "Average", "low-spending": "Low-spending"}
HIGH_POTENTIAL = "High potential"
ROUTE_EXACT = "Complete answer"
ROUTE_EXACT_TEXT = "All clustering columns are known, so the nearest segment centre decides."
ROUTE_PARTIAL = "Partial answer"
ROUTE_PARTIAL_TEXT = Plural(
    one="{columns} is unknown, so the classifier estimates the segment from the other values.",
    other="{columns} are unknown, so the classifier estimates the segment from the other values.",
)
NOVEL_TITLE = "Unlike the training customers"
NOVEL_TEXT = (
    "Novelty {times}: 99% of the segment's training customers are closer to its centre, and this "
    "customer is {times} times as far away as that limit. The segment is the nearest one, not a "
    "close match."
)
NOVEL_PARTIAL = (
    "Novelty {times}: in the values that are known, this customer is {times} times as far from the nearest "
    "segment as 99% of new customers are. The estimate is uncertain."
)
KINDS = {
    "natural": "Natural segments",
    "reproducible": "Reproducible segments",
    "constructive": "Constructive segments",
}
KIND_MEANINGS = {
    "natural": "Customers form separate groups, and the same groups reappear in resampled data.",
    "reproducible": (
        "Customers form a continuum without gaps. The segments divide it, and the same division reappears in "
        "resampled data."
    ),
    "constructive": (
        "Customers form no groups that would reappear in resampled data. The number of segments is a "
        "decision, and other data may give other segments."
    ),
}

RANKING_TITLE = "All segments, most likely first"
RANKING_TITLE_EMPTY = "Segment sizes"
OPINION_TITLE = "The classifier alone"
OPINION_AGREES = "It would predict the same segment: {segment}, {percent}."
OPINION_DIFFERS = "It would predict {segment} ({percent}). The complete answer counts."
LEGEND_ANSWER = "answer"
LEGEND_OPINION = "classifier"
COMPARE_TITLE = "Compared with the segment"
COMPARE_NOTE = "The band shows the middle half of {segment}; the mark shows this customer."
COMPARE_MORE = Plural(one="1 more column", other="{count} more columns")
COMPARE_UNKNOWN = "unknown"

BECAUSE_TITLE = "Mainly because of"
WHY_TITLE = "Why {segment}"
WHY_TITLE_UNSURE = "Why {segment} comes first"
WHY_LEAD = (
    "From {start} before anything is known to {end} now: what each value adds, in percentage points. "
    "Bars to the right support the segment, bars to the left argue against it."
)
WHY_REST = Plural(one="The other column: {points}.", other="The other {count} columns together: {points}.")
WHY_UNUSED = "Change nothing, because every clustering column is known:"
WHY_UNKNOWN = "Unknown, not used:"
WHY_SAMPLED = "With this many values, the contributions are estimates; they may vary by a point or two."
TURN_TITLE = "What would change the segment"
TURN_LEAD = (
    "The smallest change of one value that leads to another segment, within the range of the training data "
    "and with all other values unchanged."
)
TURN_TWO = (
    "No change of one value within the range of the training data leads to another segment. This smallest "
    "change of two values does, with all other values unchanged."
)
TURN_OUTSIDE = (
    "No change of one or two values within the range of the training data leads to another segment. Outside "
    "that range, no customers were seen in training:"
)
TURN_NONE = "No change of one or two values would lead to another segment."
TURN_VALUE = "{after} instead of {before}"
TURN_TO = "leads to"
TURN_TO_LIKELY = "most likely leads to"
TURN_BEYOND = " (outside the training data)"
TURN_AND = "and"
TURN_TRY = "Try it"
TURN_TRY_LABEL = "Try {changes}"
TURN_TRY_VALUE = "{column} {value}"

QUESTION_TITLE = "What to ask next"
QUESTION = "expected to settle {share} of the doubt about the segment"

translated(__name__)
