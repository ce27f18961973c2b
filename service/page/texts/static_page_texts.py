"""The words that only the static page of examples/browser has."""

from __future__ import annotations

from service.languages.plurals import Plural
from service.languages.translated import translated

PRIVATE = "Everything is computed on this machine: no input leaves it."
LOADING = "Loading the model …"
ARRIVED = "{done} of {total} MB"
LOADED = "The model is loaded."
STORED = "The model is loaded and stored: the page now works without a network."
NOT_LOADED = "The model could not be loaded: {problem}"
WAIT = "The answer comes as soon as the model is loaded. You can already fill in the form."
RUNS = "The model runs in WebAssembly, on one thread. After the first visit the page needs no network."
ANSWER = "The answer"
OTHER_VALUES = "anything else counts as {other}"
FILE_CHOOSE = "Choose or drop a CSV or Excel file"
FILE_STAYS = "The file is read here and not sent anywhere."
FILE_READING = "Reading {name} …"
COLUMNS_CHOICE = "Which column of the file is which?"
NOT_IN_FILE = "not in the file"
CHECK_TITLE = "Does this machine give correct answers?"
CHECK_HINT = "Runs the test rows and compares every number with the answers of scikit-learn and XGBoost."
CHECK = "Check it"
CHECKING = "Checking …"
CHECKED = Plural(one="1 row checked.", other="{count} rows checked.")
CHECK_RIGHT = "All answers are correct."
CHECK_WRONG = Plural(one="1 value is wrong.", other="{count} values are wrong.")
CHECK_TIME = "One row takes {time} µs (median)."

translated(__name__)
