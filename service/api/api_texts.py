"""Every word of the API that does not come from the model file."""

from __future__ import annotations

from inference.contract.outputs import INCOMPLETE, NOT_ASKED, OUTPUT_TABLE, SEGMENTS, Output

# Columns

NUMBER = "{title}, a number{limits}; null when unknown{role}."
LIMITS = " from {low} to {high}"
DATE = "{title}, a date as text such as 2024-03-01 (ISO 8601){limits}; null when unknown{role}."
OTHER = "{title}, one of {values}; any other text counts as {other}; null when unknown{role}."
CATEGORY = "{title}, one of {values}; null when unknown{role}."
DECIDES = ". Decides the segment"

# What the fields of an answer mean

_NULL = {INCOMPLETE: " Null unless complete.", NOT_ASKED: " Null when it was not asked."}


def _output(output: Output) -> str:
    """An output of the graph as a field of an answer."""
    named = " By segment name." if SEGMENTS in output.dimensions else ""
    return f"{output.meaning[0].upper()}{output.meaning[1:]}.{named}{_NULL.get(output.missing, '')}"


FIELDS = {
    **{output.name: _output(output) for output in OUTPUT_TABLE if output.per_row},
    "tier": "What the segment is worth: premium, average or low-spending; empty when no column tells "
    "spending.",
    "action": "What to do with customers of this segment, as the model suggests.",
    "probability": "Of the answered segment, 0 to 1.",
    "route": "Who answered: complete (nearest centre, every deciding column is known), partial (the "
    "classifier trained for gaps) or prior (nothing is known; only the segments' sizes count).",
    "enough": "What is known is enough for one label; if not, rank the probabilities instead of naming one.",
    "model_version": "The first 12 digits of the model file's SHA-256.",
    "rows": "How many rows were sent.",
    "answered": "How many of them were answered.",
    "answers": "One answer for each row, in their order; null where the row was refused.",
    "errors": "What was refused and why.",
    "row": "Position of the row, counted from 0.",
    "field": "The column at fault; null when the fault is not in one column.",
    "message": "What must be true, what was seen, and what to do.",
    "explained_segment": "The segment whose probability is explained.",
    "base": "Its probability before anything is known.",
    "explained_probability": "Its probability for this customer: base plus all contributions.",
    "contributions": "What each column adds (Shapley values), the largest first, unknown columns last.",
    "nearest_change": "The smallest change of one column that would move the customer to another segment; "
    "null when none does.",
    "model_sha256": "SHA-256 of the model file.",
    "answer_probability": "From this probability on, an answer of the classifier is enough for one label.",
    "decides": "Whether the column decides the segment; the others help where something is missing.",
    "share": "Share of the training customers.",
    "value_index": "Share of the value over share of the customers; null without a column that tells value.",
    "profile": "What is typical: quartiles of numbers, shares of categories, in raw units.",
}

# Questions

PREDICT = "Tell which segment a customer belongs to. Leave out, or send null for, whatever is unknown."
PREDICT_MANY = "Tell the segments of up to {rows} customers at once; a refused row does not stop the others."
EXPLAIN = (
    "Say what each known column adds to a customer's answer, and which smallest change would move the "
    "customer to another segment."
)
SCORE = "Score a whole file: every row comes back with its segment."
MODEL = (
    "Describe the model: its columns with valid values, and its segments with profile and suggested action."
)
HEALTH = "Say that the process answers."
READY = "Say that the model is loaded and answers."

PREDICT_RETURNS = (
    "Returns segment, segment_id, tier and action; probability of the segment and probabilities of all; "
    "route ('complete': nearest centre, 'partial': classifier, 'prior': nothing is known) and complete; "
    "enough (false: too little is known for one label, rank the probabilities); novelty (above 1: unlike "
    "anyone in training) and distances, null unless complete; classifier_probabilities; model_version."
)
PREDICT_MANY_RETURNS = (
    "Returns answers (as /predict gives, in the order of the rows, null where a row was refused), errors "
    "(row, field and message), rows, answered and model_version."
)
EXPLAIN_RETURNS = (
    "Returns what /predict does, and base and contributions (column, value, contribution, sentence) that "
    "add up to explained_probability, and nearest_change."
)
SCORE_RETURNS = "Returns the table with the answer's columns behind those that were sent."
MODEL_RETURNS = "Returns name, model_version, columns and segments."
ARG_ROWS = "A list of objects, one a customer: column name to value; null or left out when unknown."
ARG_SEGMENT = "The segment to explain, by name; the answered one when null."
ARG_FILE = "A table with one customer a row and a heading row, up to {megabytes} MB."
ARG_COLUMNS = "Headings that are not the model's own names, as NAME=HEADING, separated by commas."
ARG_MISSING = "Columns that the file does not have, separated by commas; they count as unknown."
QUERY_COLUMN = "A heading that is not the model's own name for the column, as NAME=HEADING."
QUERY_MISSING = "A column that the file does not have; it counts as unknown."

# Problems

FAILED = "The server could not answer; the fault is not in the request."
UNKNOWN_ENDPOINT = "There is no such endpoint. Known: {known}; see /gradio_api/info."
BAD_ARGUMENT = "{name!r}: "
BAD_ARGUMENTS = "the arguments do not fit the endpoint; see /gradio_api/info for their names."
NOT_FOUND = "There is nothing at this address; /v1/openapi.json lists what there is."
WRONG_METHOD = "This address takes {allowed} only."
EMPTY = "The body must be a JSON object, but it is empty; send {{}} when nothing is known."
NO_JSON = "The body must be JSON, but it is not: {reason}."
NO_TEXT = "The body must be UTF-8, but it is not."
HALF_CHARACTER = (
    "The body must hold whole characters, but an escape such as \\ud800 is half of one; send both halves."
)
TOO_DEEP = "The body is nested too deeply."
NO_OBJECT = "The body must be a JSON object of columns and values, but it is {seen}."
TWICE = "Each name may stand once in an object, but {name!r} stands twice."
WRONG_TYPE = "The body must be sent as {allowed}, but Content-Type is {seen}; with curl, use {hint}."
ENCODED = "The body must be sent without Content-Encoding, but it is {seen}."
TOO_LARGE = "The body must have at most {limit:,} bytes."
REFUSED = "{count} of the fields cannot be used; see errors."
REFUSED_ONE = "A field cannot be used; see errors."
NO_ROWS = "The body must be an object with the one field 'rows', a list of customers."
TOO_SLOW = "The body must come within {seconds} s, but it did not."
TOO_SLOWLY = (
    "The file must come at {pace:,} bytes a second or more and without a pause of {seconds} s, but it did "
    "not."
)
BUSY = "The server is busy with other files and batches; try again in {seconds} s."
TOO_MANY = "There may be {limit} from one client; try again in {seconds} s."

# Agents

INSTRUCTIONS = (
    "Sorts customers of {name} into segments. Call describe_segments first to learn the columns and what "
    "the segments mean, then predict_segment with whatever is known about a customer; explain_segment says"
    " why. Nothing that is sent is stored."
)
TOOL_PREDICT = (
    "Tell which customer segment one customer belongs to, how sure that is, and what to do with such "
    "customers. Give whatever is known; leave out what is unknown. If 'enough' is false, too little is "
    "known for one label: report the ranked probabilities instead. If 'novelty' is above 1, the customer "
    "is unlike anyone in training: say so."
)
TOOL_EXPLAIN = (
    "Explain why a customer is in a segment: what each known value adds to the probability, as sentences, "
    "and the smallest change of one value that would move the customer to another segment. Takes the same "
    "arguments as predict_segment."
)
TOOL_DESCRIBE = (
    "List the customer segments (profile, share, tier, suggested action) and the columns a customer may "
    "have, with units and valid values. Takes no arguments."
)
