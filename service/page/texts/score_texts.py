"""The words of the tab that scores a file."""

from __future__ import annotations

from service.languages.plurals import Plural
from service.languages.translated import translated

SCORE_TITLE = "Score a file"
SCORE_LEAD = (
    "Upload a CSV, Parquet, Excel, Arrow or JSON file and download it with a segment for every customer."
)
SCORE_FILE = "Customer file"
SCORE_OUTPUT = "Save result as"
SCORE_OUTPUTS = (("CSV", "csv"), ("Excel", "excel"), ("Parquet", "parquet"), ("JSON", "json"))
SCORE_OPTIONS = "Reading options"
SCORE_SEPARATOR = "Separator (CSV)"
SCORE_ENCODING = "Encoding (CSV)"
SCORE_FOUND_OUT = "detect"
SCORE_SEPARATORS = (("comma ,", ","), ("semicolon ;", ";"), ("tab", "\t"), ("bar |", "|"))
SCORE_ENCODINGS = (("UTF-8", "utf-8"), ("Windows-1252 (Western)", "cp1252"), ("UTF-16", "utf-16"))
SCORE_MISSING = "Columns that the file does not have"
SCORE_SHEET = "Sheet (Excel)"
SCORE_HEADER_ROW = "Header row (line or row number)"
SCORE_DECIMAL = "Decimal marks"
SCORE_DECIMAL_HINT = "Header=comma or Header=point; one per line"
SCORE_NA = "More words for missing"
SCORE_NA_HINT = "unknown; one per line"
SCORE_BEFORE_TITLE = "What the file needs"
SCORE_NEEDS = Plural(
    one="One row per customer and a header. The clustering column decides the segment: {columns}.",
    other="One row per customer and a header. The clustering columns decide the segment: {columns}.",
)
SCORE_HELPS = Plural(
    one="The profile column helps where a clustering column is empty: {columns}.",
    other="The profile columns help where a clustering column is empty: {columns}.",
)
SCORE_KEEPS = (
    "Your columns are returned unchanged, followed by segment, probability, route, novelty and error."
)
SCORE_LIMITS = Plural(one="At most {size} and 1 row.", other="At most {size} and {count} rows.")
SCORE_MEGABYTES = "{count} MB"
SCORE_PRIVATE = "The file is deleted right after scoring, the result after 15 minutes. Nothing is logged."
SCORE_EXAMPLE = "Download an example file"
SCORE_EXAMPLE_NAME = "example-customers.csv"
SCORE_PROGRESS = Plural(one="1 row scored", other="{count} rows scored")
SCORE_DONE = Plural(one="1 row scored", other="{count} rows scored")
SCORE_COMPLETE = "complete"
SCORE_PARTIAL = "partial"
SCORE_PRIOR = "nothing known"
SCORE_ERRORS = "refused"
SCORE_SEGMENTS = "Customers by segment"
SCORE_TRAINING = "The mark is the segment's share of the training customers."
SCORE_TRAINING_SHARE = "training {share}"
SCORE_MAP_TITLE = "Your customers on the map"
SCORE_MAP = "{count} customers with both columns known; each dot has the colour of its segment."
SCORE_MAP_SAMPLE = "{count} of {seen} customers, drawn at random; each dot has the colour of its segment."
SCORE_LISTS = "Make one list per segment"
SCORE_LISTS_DOWNLOAD = "Download the lists (ZIP)"
SCORE_LISTS_GONE = "The scored file is no longer kept; upload it again."
SCORE_PROBLEMS = "Problems found"
SCORE_PROBLEMS_NOTE = "These rows are returned without a segment; the column error gives the reason."
SCORE_NOTES = "Cells not used"
SCORE_NOTES_NOTE = "These cells of profile columns counted as missing; the column note gives the reason."
SCORE_COL_PROBLEM = "For example"
COL_ROWS = "Rows"
SCORE_READING = "How the file was read"
SCORE_READING_NOTE = "Not right? Change the reading options and upload the file again."
SCORE_LEFT_OUT = Plural(
    one="1 row is about the table and was not scored: {example}.",
    other="{count} rows are about the table and were not scored; for example, {example}.",
)
SCORE_NEUTRALISED = Plural(
    one="1 text cell starts like a formula and was prefixed with ' so that spreadsheets do not run it.",
    other=(
        "{count} text cells start like a formula and were prefixed with ' so that spreadsheets do not run "
        "them."
    ),
)
SCORE_UNDECODABLE = Plural(
    one=(
        "1 row is from a part of the file with bytes that are not valid in this encoding; these bytes "
        "were replaced."
    ),
    other=(
        "{count} rows are from parts of the file with bytes that are not valid in this encoding; these "
        "bytes were replaced."
    ),
)
SCORE_ROWS = Plural(one="The first row", other="The first {count} rows")
SCORE_ROWS_NOTE = "Shaded columns were added."
SCORE_DOWNLOAD = "Download {name}"
SCORE_REFUSED = "This file cannot be scored"
SCORE_NO_FILE = "Please choose a file."
SCORE_FAILED = "Something went wrong on our side while reading this file. Please try again."

translated(__name__)
