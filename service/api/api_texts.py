"""Every word of the API that does not come from the model file."""

from __future__ import annotations

from inference.contract.outputs import INCOMPLETE, NOT_ASKED, OUTPUT_TABLE, SEGMENTS, Output

# Columns

NUMBER = "{title}, a number{limits}; null if unknown{role}."
RANGE = " from {low} to {high}"
DATE = "{title}, a date as text such as 2024-03-01 (ISO 8601){limits}; null if unknown{role}."
OTHER = "{title}, one of {values}; any other text counts as {other}; null if unknown{role}."
CATEGORY = "{title}, one of {values}; null if unknown{role}."
CLUSTERING = ". Clustering column: decides the segment"

# What the fields of an answer mean

_NULL = {INCOMPLETE: " Null unless complete.", NOT_ASKED: " Null when it was not asked."}


def _output(output: Output) -> str:
    """An output of the graph as a field of an answer."""
    named = " By segment name." if SEGMENTS in output.dimensions else ""
    return f"{output.meaning[0].upper()}{output.meaning[1:]}.{named}{_NULL.get(output.missing, '')}"


FIELDS = {
    **{output.name: _output(output) for output in OUTPUT_TABLE if output.per_row},
    "segment": "Name of the customer's segment.",
    "tier": "Value of the segment: premium, average or low-spending; empty if no column measures spending.",
    "action": "Suggested action for customers of this segment.",
    "probability": "Probability of the segment, 0 to 1.",
    "route": "How the answer was found: complete (nearest segment centre; all clustering columns are known), "
    "partial (classifier; some are unknown) or prior (nothing is known; segment sizes only).",
    "enough": "Whether enough is known to name one segment; if false, use the ranked probabilities.",
    "model_version": "First 12 digits of the model file's SHA-256.",
    "rows": "Number of rows sent.",
    "answered": "Number of rows answered.",
    "answers": "One answer per row, in the order sent; null if the row was refused.",
    "errors": "The refused rows and the reasons.",
    "row": "Position of the row, counted from 0.",
    "field": "The column at fault; null if the fault is not in one column.",
    "message": "What must be true, what was sent, and what to do.",
    "explained_segment": "The segment whose probability is explained.",
    "base": "Its probability before anything is known.",
    "explained_probability": "Its probability for this customer: base plus all contributions.",
    "contributions": "What each column adds (Shapley values), largest first, unknown columns last. In a "
    "complete answer only clustering columns count; the others are exactly 0.",
    "nearest_change": "The smallest change of one column that moves the customer to another segment, within "
    "the range of the training data; null if there is none. If no change of one or two columns within that "
    "range moves the customer, one outside it, with beyond_training true.",
    "nearest_change_of_two": "The smallest change of two clustering columns together, both within the range "
    "of the training data; null unless no change of one column within that range moves the customer.",
    "changes": "The two columns to change, the larger change in interquartile ranges first.",
    "before": "The customer's value.",
    "after": "The value to change it to.",
    "segment_after": "Name of the segment that the model then predicts.",
    "beyond_training": "Whether the new value is outside the range of the training data.",
    "model_sha256": "SHA-256 of the model file.",
    "answer_probability": "The probability from which a partial answer names one segment.",
    "segmentation": "Whether the segments are natural, reproducible or constructive, and why.",
    "chosen_by": "Who chose the number of segments: rule or user.",
    "reason": "The reason in sentences with figures.",
    "p_value": "Probability that one population without segments looks as separated.",
    "silhouette": "How clearly the segments are separated (mean silhouette).",
    "one_population": "The mean silhouette of tables drawn from one population.",
    "reproducibility": "How much of the segmentation reappears in resampled data (mean ARI; 1 is all of it).",
    "decides": "Whether it is a clustering column, which decides the segment. The others are profile "
    "columns, which help if a clustering column is unknown.",
    "share": "Share of the training customers.",
    "value_index": "Share of the total value divided by share of the customers; null if no column measures "
    "value, below 0 where returns exceed purchases.",
    "rate_index": "Value per unit of tenure divided by that of all customers; null if the tier is not "
    "computed from it.",
    "value_kind": "What the tier is computed from: 'total', 'rate', or empty where there is no tier.",
    "because": "The figures that name and action follow from.",
    "per_group": "Customers of each of the two groups.",
    "needed": "Customers of both groups together.",
    "large_enough": "Whether the segment has as many.",
    "decided": "Whether all clustering columns are known.",
    "uncertainty": "Entropy of the segment's probabilities, in bits.",
    "gain": "Expected decrease of the uncertainty, in bits, once the column is known.",
    "profile": "Typical customers: quartiles of numbers and shares of categories, in raw units.",
}

# Operations

API_DESCRIPTION = "Customer segments from what is known about a customer. Leave out what is unknown."
PREDICT_SUMMARY = "Predict a customer's segment"
PREDICT = (
    "Predict which segment one customer belongs to, with its probability and the suggested action. Leave out "
    "unknown values or send null. If 'enough' is false, what is known does not show one segment: use the "
    "ranked probabilities. If 'novelty' is above 1, the customer is unlike the training customers: say so."
)
PREDICT_MANY_SUMMARY = "Predict the segments of many customers"
PREDICT_MANY = (
    "Predict the segments of up to {rows} customers. A refused row is listed in 'errors'; the other rows are "
    "answered."
)
EXPLAIN_SUMMARY = "Explain a customer's segment"
EXPLAIN = (
    "Explain why a customer is in a segment: what each value that counts adds to the probability, as "
    "sentences, and the smallest change of one value that would move the customer to another segment, or of "
    "two where one is not enough. Takes the same customer as a prediction and, optionally, the segment to "
    "explain."
)
SCORE_SUMMARY = "Score a file"
SCORE = "Predict the segment of every row of a CSV, Parquet, Excel, Arrow or JSON file."
FILE_LIMITS = "At most {megabytes} MB and {rows} rows."
MODEL_SUMMARY = "Describe the segments"
MODEL = (
    "Describe the model: its segments with profile, share, tier and suggested action, and its columns with "
    "units and valid values."
)
PLAN_SUMMARY = "Plan a test of an action"
PLAN = (
    "How many customers a test needs to detect a least difference between two rates, one of a group with the "
    "action and one of an equal group without it, and which segments have as many."
)
QUESTIONS_SUMMARY = "Ask for the next column"
QUESTIONS = (
    "The columns of a customer that are unknown, the one that is expected to tell most about the segment "
    "first. 'decided' is true where all clustering columns are known, so that nothing else matters."
)
MONITORING_SUMMARY = "Check whether customers have changed"
MONITORING = (
    "Compares the customers that were answered with those in training: values of each column, distances "
    "to the centroids, novelty, shares of the segments, missing values. Counts are kept, customers are not."
)
HEALTH_SUMMARY = "Check the process"
HEALTH = "Answers as long as the process runs."
READY_SUMMARY = "Check the model"
READY = "Answers if the model is loaded and can predict."
SERVED_SUMMARY = "Show which model is served"
SERVED = "The model that is served, the one before, and why the last model file was not taken, if it was not."
RELOAD_SUMMARY = "Take another model"
RELOAD = (
    "Loads and tests the model file as it is now, and serves it in place of the model before. Requests that "
    "have begun end on the model that they began with. A file that cannot be served changes nothing."
)
RELOAD_PARAMETERS = {
    "model": "The model file as it is now, or the model that was served before.",
    "columns": "Whether a model is refused that does not understand what clients of this one send, or taken.",
}
RELOAD_REFUSED = "The model cannot be served; the one that is served goes on."

PREDICT_RETURNS = (
    "Returns segment, segment_id, tier and action; probability of the segment and probabilities of all "
    "segments; route ('complete': nearest centre, 'partial': classifier, 'prior': segment sizes only), "
    "complete and enough; novelty (null where no clustering column "
    "is known) and distances (null unless complete); classifier_probabilities; "
    "model_version."
)
PREDICT_MANY_RETURNS = (
    "Returns answers (one per row, as from /predict, null if the row was refused), errors (row, field and "
    "message, each that is wrong with a row), rows, answered and model_version."
)
EXPLAIN_RETURNS = (
    "Returns the fields of /predict, base and contributions (column, value, contribution, sentence) that add "
    "up to explained_probability, nearest_change and nearest_change_of_two."
)
SCORE_RETURNS = "Returns the table with the columns of the answer after the original ones."
MODEL_RETURNS = "Returns name, model_version, columns and segments."
ARG_ROWS = "A list of objects, one per customer: column name to value; null or left out if unknown."
ARG_SEGMENT = "The segment to explain, by name or number; the predicted one if left out."
ARG_FILE = "A table with a header and one row per customer, up to {megabytes} MB."
ARG_COLUMN = "Which header holds a column of the model, as NAME=HEADING; only if the names differ."
ARG_MISSING = "A column of the model that the file does not have; it counts as unknown."
ARG_SHEET = "The sheet of an Excel file; if left out, the first one with a table."
ARG_HEADER_ROW = "The line, or row of a sheet, with the headers, counted from 1; detected if left out."
ARG_KEEP_TOTALS = "Whether rows of totals, notes and units are scored like other rows."
ARG_DECIMAL = "The decimal mark of a column, as HEADING=comma or HEADING=point; detected if left out."
ARG_NA = "One more word for a missing cell, such as unknown or -1."
ARG_SEPARATOR = "The separator of a CSV file, such as ; or \\t for a tab; detected if left out."
ARG_ENCODING = "The encoding of a CSV file, such as cp1252; detected if left out."
ARG_OUTPUT = (
    "The format of the answer: csv, parquet, excel, arrow (a stream), json or ndjson; if left out, what the "
    "header Accept asks for, else as the file."
)
ARG_BASELINE = "Rate of the outcome without the action, from 0.0001 to 0.9999; 0.1 if left out."
ARG_DIFFERENCE = "Least change of the rate to detect; below 0 for a fall; 0.02 if left out."
ARG_ALPHA = "How often a test of an action without effect may find one; 0.05 if left out."
ARG_POWER = "How often that difference is to be found; 0.8 if left out."
ARG_CUSTOMERS = "How many customers you have; if left out, those of the training table."
ARG_REPEATED = "Separate several with commas."
OTHER_ROW = "Anything else is listed in `errors`; the other rows are answered."
EXAMPLE_TYPICAL = "A typical customer of {segment!r}"
EXAMPLE_LITTLE = "Most values are unknown"

# Problems

PROBLEMS = {
    400: "The body is not valid JSON, or not a complete form.",
    408: "The body did not arrive in time.",
    413: "The body is too large.",
    415: "The media type of the body is not supported.",
    422: "A field cannot be used; see `errors`.",
    429: "Too many requests from this client; see `Retry-After`.",
    500: "The server failed.",
    503: "The server is busy; see `Retry-After`.",
}
ALSO_BY_REST = "The same by plain HTTP: {method} /v1{path}, to try at /v1/docs."
NO_MEDIA_TYPE = {406: "None of the media types in `Accept` can be given."}
NO_ROOM = {507: "The disk of the server is full; nothing was kept."}
KEY_PROBLEMS = {401: "No key was sent, or an unknown one.", 403: "The key may not be used for this."}
TAGS = {
    "predictions": "The segment of a customer, of many, and why.",
    "files": "The segments of a file of customers.",
    "model": "The segments and what the model takes.",
    "customers": "Remembered customers, changes of their segments, and movements.",
    "training": "Segments of a table that is sent, found by a training.",
    "service": "How the service is.",
}
NO_FILE_NAME = "Each part of the form must be a file with a name, but one has none; send its filename."
DISK_FULL = "The disk of the server is full, so nothing was kept; try again later, or send a smaller file."
FAILED = "The server could not answer; the fault is not in the request."
TOO_FEW_VALUES = "The endpoint takes {needed} values, but {got} were sent; see /gradio_api/info."
BAD_VALUES = "A value cannot be used by this endpoint; see /gradio_api/info."
UNKNOWN_ENDPOINT = "There is no such endpoint. Known: {known}; see /gradio_api/info."
BAD_ARGUMENT = "{name!r}: "
BAD_ARGUMENTS = "the arguments do not fit the endpoint; see /gradio_api/info for their names."
RELOAD_OFF = "RELOAD_KEY must be set where the app is started to reload models, but it is not."
RELOAD_KEY = (
    "The key must be sent as `Authorization: Bearer KEY`, but none was, or another one; it is the RELOAD_KEY "
    "that the app was started with."
)
NO_KEY = (
    "A key must be sent as `Authorization: Bearer KEY` or `X-API-Key: KEY`, but none was, or an unknown one; "
    "ask whoever runs this service for one."
)
OTHER_SCOPE = "The key must have the scope {needed!r}, but it has {given}; ask for another key."
NEEDS_SCOPE = "The key must have the scope {scope!r}."
KEY_SCHEME = "A key of API_KEYS; `X-API-Key: KEY` is read, too."
OTHER_HOST = (
    "The host of a request must be in ALLOWED_HOSTS, but it is {seen}; whoever runs this service can add it."
)
NO_PAGE = "There is no page here, only an API; /v1/docs describes it."
READABLE_HEADERS = (  # by scripts of other sites
    "ETag",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Model-Version",
    "X-Request-ID",
    "X-Rows",
    "X-Rows-Refused",
)
DOCS_WITHOUT_SCRIPT = "This page needs JavaScript; /v1/openapi.json is the document that it shows."
RELOAD_QUERY = "{name} must be {first!r} or {second!r}."
UNKNOWN_PARAMETER = "The query may have {known}, but it has {name}; correct or leave it out."
NO_PARAMETERS = "no parameters"
NOT_FOUND = "There is nothing at this address; /v1/openapi.json lists all operations."
WRONG_METHOD = "This address accepts {allowed} only."
EMPTY = "The body must be a JSON object, but it is empty; send {{}} if nothing is known."
NO_JSON = "The body must be JSON, but it is not: {reason}."
NO_TEXT = "The body must be UTF-8, but it is not."
HALF_CHARACTER = (
    "The body must contain whole characters, but it contains an unpaired surrogate such as \\ud800; send "
    "both halves of the pair."
)
TOO_DEEP = "The body is nested too deeply."
NO_OBJECT = "The body must be a JSON object of columns and values, but it is {seen}."
TWICE = "Each key of an object must be unique, but {name!r} occurs twice."
WRONG_TYPE = "The body must be sent as {allowed}, but Content-Type is {seen}; with curl, use {hint}."
NO_BOUNDARY = (
    "A form must name its boundary in Content-Type, but it does not; with curl, use -F file=@customers.csv."
)
NO_FORM = "The body must be multipart/form-data, but it is not: {reason}."
ONE_FILE = (
    "The form must have one part with a file, but it has {seen}; with curl, use -F file=@customers.csv."
)
OTHER_PART = "The form must have nothing but a file; give options such as ?missing= in the query."
ENCODED = "The body must be sent without Content-Encoding, but it is {seen}."
TOO_LARGE = "The body must have at most {limit:,} bytes."
REFUSED = "{count} fields cannot be used; see errors."
REFUSED_ONE = "One field cannot be used; see errors."
NOT_ACCEPTED = "The answer is {offered}, but the header Accept is {seen}; accept one of them, or */*."
NO_ROWS = "The body must be an object with one key, 'rows', whose value is a list of customers."
TOO_SLOW = "The body must arrive within {seconds} s, but it did not."
TOO_SLOWLY = (
    "The file must arrive at {pace:,} bytes per second or more, without a pause of {seconds} s, but it did "
    "not."
)
BUSY = "The server is busy with other files and batches; try again in {seconds} s."
TOO_MANY = "Rate limit reached: {limit} per client; try again in {seconds} s."
