"""The texts of the tab Your data."""

from __future__ import annotations

from service.languages.plurals import Plural
from service.languages.translated import translated

TAB = "Your data"
TITLE = "Find segments in your own data"
LEAD = (
    "Give a table with one row per customer, or order lines: those become customers first. CSV, Excel, "
    "Parquet or JSON, at most {megabytes} MB and {rows} rows."
)
PRIVACY = (
    "The file is read on this server, in a process of its own, and is removed with its results after "
    "{minutes} minutes, or when you press Remove. No row of it gets into the model."
)
FILE = "Your file"
EXAMPLE = "Try it with an example"
READING = "Reading the file and looking at its columns …"
NO_FILE = "No file came in; choose it again."
GONE = "The table is no longer kept here; give the file again."
BUSY = "Too many trainings are waiting; try again in a few minutes."
TOO_LARGE = "The file must have at most {megabytes} MB, but it has more; send fewer rows."

COLUMNS_TITLE = "What the columns are for"
COLUMNS_LEAD = (
    "Proposed from the data. Clustering columns decide the segments, profile columns describe them, outcome "
    "columns show what came of customers. Change what is not right."
)
READ = Plural(one="{count} customer, {columns} columns.", other="{count} customers, {columns} columns.")
ORDERS = "{lines} order lines became {customers} customers, as of {day}."
NOTES = "What was noticed while reading"
COLUMN, ROLE, LABEL, UNIT, MEANING, ORDER = "Column", "Role", "Label", "Unit", "Meaning", "Order"
ORDER_HINT = "from low to high, separated with commas; empty for no order"
WHY = "why: {reason}"
MISSING = "{share} missing"
ROLES = {
    "clustering": "Clustering",
    "profile": "Profile",
    "outcome": "Outcome",
    "identifier": "Identifier",
    "left out": "Left out",
}
QUICK = "Quick: the same steps with fewer repetitions"
FIND = "Find segments"

RUNNING = "Finding your segments"
WAITING = Plural(
    one="Waiting: 1 training is before yours.", other="Waiting: {count} trainings are before yours."
)
PERCENT = "{percent} %"
LEFT_SECONDS = "about {count} s left"
LEFT_MINUTES = "about {count} min left"
CANCEL = "Cancel"
CANCELLED = "Cancelled; everything about this training is removed."
FAILED_TITLE = "No segments were found"
REMOVE = "Remove my data"
REMOVED = "Your file and its results are removed."

RESULT_TITLE = "{segments} segments of {customers} customers"
BECAUSE = "Because: {figures}."
ACTION = "Action"
OPEN = "Open the page about your segments"
OPEN_HINT = (
    "It has everything of this page for your model: predictions, model info and scoring. Its address is "
    "known to you alone and works until {until} UTC."
)
DOWNLOADS = {
    "customers": "Your customers with segments (CSV)",
    "page": "Segments on one page (PDF)",
    "model": "Model (ONNX)",
    "card": "Model card",
    "report": "Report (JSON)",
}
DOWNLOADS_TITLE = "Take with you"
WARNINGS = "What to know before you use it"

OPTIONS_TITLE = "Other segments of the same customers"
OPTIONS_LEAD = "Choosing one trains again, which takes about as long."
OPTIONS = "Other segments"
OPTION = "{title} ({kind}): {names}"
TAKE = "Show these instead"

NAMES_TITLE = "Your own names"
NAMES_LEAD = (
    "Give segments your own names and tiers; the model is then made again with them, with the same segments."
)
NAME, TIER = "Name of {segment}", "Tier of {segment}"
TIERS = ("premium", "average", "low-spending")
RENAME = "Make the model with these names"
SAME_NAMES = "Nothing has changed; edit a name or a tier first."

translated(__name__)
