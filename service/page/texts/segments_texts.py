"""The words of the tab Segments."""

from __future__ import annotations

from service.languages.plurals import Plural
from service.languages.translated import translated

TAB = "Segments"
LEAD = "Who your customers are, what makes each group special, and what usually works there."
COMPARE = "Compare"
COMPARE_HINT = "Choose two or three to see them side by side; none shows all."
COLUMNS = "Columns"
COLUMNS_HINT = "Choose columns to see only these; none shows what differs most."
CUSTOMERS = Plural(one="{count} customer", other="{count} customers")
SHARE = "{share} of customers"
VALUE_SHARE = "{share} of value"
SPECIAL = "What is special"
SPECIAL_NOTE = (
    "A bar to the right: more than the other customers; to the left: less. Full length is two standard "
    "deviations. The standard deviation is estimated from the quartiles and means of the segments."
)
SPECIAL_NONE = "Nothing here differs clearly from the other customers."
DIFFERENCE = "{column}: {own} on average, other customers {others} ({size} standard deviations)"
DIFFERENCE_SHARE = "{column}: {own} of this segment, {others} of the other customers"
CATEGORY = "{column}: {value}"
TYPICAL = "A typical customer"
OUTCOME = "What happened"
ACTION = "What to do"
HIGH_POTENTIAL = "High potential"
CHART = "Share of value against share of customers"
CHART_NOTE = "Above the line a segment brings in more than its share of customers; below it, less."
CHART_ACROSS = "Share of customers"
CHART_UPWARD = "Share of value"
CHART_AXIS = "{title}, 0 to {top}"
CHART_POINT = "{name}: {share} of customers, {value} of value"
EXPORT = "Download as CSV"
EXPORT_NAME = "segments.csv"
PRINT = "Print or save as PDF"
HEADERS = (
    *("segment_id", "segment", "tier", "customers", "share", "value_share", "index", "action", "because"),
)

RENAME = "Rename"
RENAME_ONE = "Rename {name}"
RENAME_NAME = "Name on this page"
RENAME_KEY = "API key with the scope admin"
RENAME_HINT = "Everybody who opens this page sees the new name. The model file and the API keep theirs."
RENAME_SAVE = "Save"
RENAME_CANCEL = "Cancel"
RENAME_BACK = "Back to the model's name"
RENAME_MODEL = "In the model and the API: {name}"
RENAME_RULE = (
    "A name must be 1 to {longest} printable characters without angle brackets, and must not begin with "
    "=, +, - or @; correct it."
)
RENAME_TAKEN = "Another segment has this name, here or in the model; choose a different one."
RENAME_NO_KEY = "This key may not rename segments; use one with the scope admin."
RENAME_OUTDATED = "Another model is served now; load the page again."
RENAME_ELSEWHERE = "Segments are renamed on this page itself only; open it in a window of its own."
RENAME_FAILED = "The name was not saved; the log of the app says why."

PLAN = "Plan a test of an action"
PLAN_LEAD = (
    "Give the action to one half of a segment and not to the other, then compare how many respond. How many "
    "customers does that need?"
)
PLAN_NOTE = (
    "Two-sided test of two proportions in equal groups (Fleiss, Levin and Paik, Statistical Methods for "
    "Rates and Proportions, 2003, section 4.2)."
)
PLAN_BASELINE = "Response without the action (%)"
PLAN_DIFFERENCE = "Least difference to detect (percentage points)"
PLAN_ALPHA = "False alarms (alpha, %)"
PLAN_POWER = "Found if it is there (power, %)"
PLAN_CUSTOMERS = "Your customers, all segments"
PLAN_NEEDS = "{needed} customers: {group} with the action and {group} without it."
PLAN_ENOUGH = "large enough: {customers} customers"
PLAN_SMALL = "too small: would need {needed}, has {customers}"
PLAN_EMPTY = "Fill in every field."

AUDIENCES = "Audience files for ads"
AUDIENCES_LEAD = (
    "Upload a file that was scored here as CSV, with a column of e-mail addresses or phone numbers. You get "
    "a list per segment for Google Customer Match and Meta Custom Audiences, normalised and hashed "
    "(SHA-256). Where a column is named consent or opt-in, only rows that say yes are used. Lists have at "
    "least {least} contacts. The file is deleted at once; the hashes can be downloaded for 15 minutes. "
    "Hashes are still personal data."
)
AUDIENCES_COUNTRY = "Country code of phone numbers without one"
AUDIENCES_FILE = "Scored file (CSV)"
AUDIENCES_NAME = "audiences.zip"
AUDIENCES_DOWNLOAD = "Download audiences.zip"
AUDIENCES_CONTACTS = Plural(one="1 contact", other="{count} contacts")
AUDIENCES_MADE = "in the download"
AUDIENCES_SMALL = "too few for a list of at least {least}"
AUDIENCES_LEFT_OUT = "Left out: {refused} rows without consent, {unusable} without a usable contact."
AUDIENCES_NO_FILE = "There is no file; choose one."
AUDIENCES_FAILED = "The lists could not be made; the fault is not in your file. Try again later."

translated(__name__)
