"""Every word of the page that does not come from the model file."""

from __future__ import annotations

# The frame

PAGE_TITLE = "Customer segments"
HEADING = "Which kind of customer is this?"
LEAD = "Enter what you know. The segment, what it is worth and what to do next follow as you type."
TAB_INPUT = "Customer input"
TAB_PREDICTION = "Prediction"
TAB_MODEL = "Model info"
TAB_SCORE = "Score a file"
SEE_MORE = "See the full prediction"

ABOUT_TITLE = "About the project"
ABOUT_LEAD = (
    "A model that sorts customers into segments, built for the people who plan what to offer whom. "
    "It says where a customer belongs, how sure it is, and what usually works there."
)
ABOUT_HOW_TITLE = "How it decides"
ABOUT_HOW = (
    "The segments were found in the data by K-Means, without anyone drawing lines first.",
    "Know every deciding column ({clustering}) and the answer is exact: the nearest centre.",
    "Leave any of them unknown and a classifier trained for gaps estimates the segment.",
)
ABOUT_READ_TITLE = "What the tiers mean"
ABOUT_TIERS = (
    "Premium segments bring in far more than their share of customers, average ones about their share, "
    "low-spending ones clearly less."
)
ABOUT_LIMITS_TITLE = "What it is not"
ABOUT_LIMITS = (
    "It describes customers like the {rows} it was trained on ({source}). It does not forecast what a single "
    "person will buy, and nothing entered here is stored."
)
ABOUT_API_TITLE = "Use it from a program"
ABOUT_API = (
    "REST at /v1/predict, described in /v1/openapi.json; Gradio's clients and the tools for agents are under "
    "API at the foot of the page."
)

# The form

FORM_TITLE = "What do you know about the customer?"
FORM_HINT = "Anything may stay unknown."
EXAMPLES = "Start from a typical customer"
MORE_FIELDS = "{count} more that help where something is unknown"
CLEAR = "Clear all"
LINK = "Copy a link to this customer"
LINK_HINT = "The link holds the values above."
LINK_COPIED = "Copied. The link holds the values above."
LINK_SHOWN = "The address of this page now holds the values above: copy it from there."
UNKNOWN = "Unknown"
UNKNOWN_BOX = "unknown"
UNKNOWN_FIELD = "{label}: unknown"
CLUSTERING_BADGE = "decides"
CLUSTERING_HINT = "This column decides the segment"
SLIDER_LABEL = "{title}, slider"
TYPICAL = "typical {low} to {high}"
VALID = "valid {low} to {high}"

# The answer

EMPTY_TITLE = "Nothing is known yet"
EMPTY_TEXT = (
    "Enter at least one value, or start from a typical customer. Until then only the sizes of the "
    "segments count."
)
EMPTY_SHORT = "Enter a value to see a segment"
PROBLEM_TITLE = "This value cannot be used"
PROBLEM_SHORT = "Please check a value"
FAILED = "Something went wrong on our side. Please try again; if it happens again, reload the page."
FAILED_TITLE = "No answer"

UNSURE_TITLE = "Not enough information for one answer"
UNSURE_TEXT = (
    "Most likely {first} ({percent}), but the model names a segment only from {threshold} on. "
    "Each value you add helps."
)
UNSURE_SHORT = "Not enough information"
PROBABILITY = "probability"
ACTION = "What to do"
WORTH = "What it is worth"
WORTH_TEXT = "{customers} of the customers, {value} of the value."
SIZE = "How common it is"
SIZE_TEXT = "{customers} of the customers."
TIERS = {"premium": "Premium tier", "average": "Average tier", "low-spending": "Low-spending tier"}
TIERS_SHORT = {"premium": "Premium", "average": "Average", "low-spending": "Low-spending"}
HIGH_POTENTIAL = "High potential"
ROUTE_EXACT = "Exact answer"
ROUTE_EXACT_TEXT = "Every deciding column is known, so the nearest centre answers."
ROUTE_PARTIAL = "From partial information"
ROUTE_PARTIAL_TEXT = "{missing} unknown, so the classifier estimates the segment from the rest."
IS_UNKNOWN = "{columns} is"
ARE_UNKNOWN = "{columns} are"
NOVEL_TITLE = "Unlike anyone in training"
NOVEL_TEXT = (
    "This customer stands {times} times as far from the segment's centre as 99% of its training customers. "
    "The segment is the nearest one, not a close match."
)
EXPLORATORY_TITLE = "Exploratory segments"
EXPLORATORY_TEXT = (
    "This number of segments does not meet every condition of the rule: take them as a first look. "
    "Model info says why."
)

RANKING_TITLE = "All segments, most likely first"
RANKING_TITLE_EMPTY = "Before anything is known"
OPINION_TITLE = "The classifier's own opinion"
OPINION_AGREES = "Without the exact rule, the classifier would say the same: {segment}, {percent}."
OPINION_DIFFERS = (
    "Without the exact rule, the classifier would say {segment} ({percent}). The exact answer counts."
)
LEGEND_ANSWER = "answer"
LEGEND_OPINION = "classifier"
COMPARE_TITLE = "Compared with the segment"
COMPARE_NOTE = "The band holds the middle half of {segment}; the mark is this customer."
COMPARE_MORE = "{count} more columns"
COMPARE_UNKNOWN = "unknown"

BECAUSE_TITLE = "Mainly because of"
WHY_TITLE = "Why {segment}"
WHY_TITLE_UNSURE = "Why {segment} comes first"
WHY_LEAD = (
    "From {start} before anything is known to {end} now: what each value adds, in percentage points. "
    "Right speaks for the segment, left against it."
)
WHY_REST = "The other {count} together: {points}."
WHY_UNKNOWN = "Unknown, so without a say:"
WHY_SAMPLED = "With so many values the shares are estimated; a repeat may differ by a point or two."
TURN_TITLE = "What would change it"
TURN_LEAD = "The smallest change of one value that leads to another segment; all others stay as they are."
TURN_NONE = "No change of one value alone would lead to another segment."
TURN_VALUE = "{after} instead of {before}"
TURN_TO = "leads to"
TURN_TO_LIKELY = "most likely leads to"
TURN_BEYOND = " (beyond all customers in training)"
TURN_TRY = "Try it"
TURN_TRY_LABEL = "Try {column} {value}"

# The map

MAP_TITLE = "Where the customer stands"
MAP_HERE = "This customer"
MAP_SOMEWHERE = "Somewhere on this line"
MAP_ANYWHERE = "Could stand anywhere: {columns} unknown"
MAP_BEYOND = "off the map: {value}"
MAP_TEXT = "Map of the segments by {x} (left to right) and {y} (bottom to top). {customer} {centres}"
MAP_TEXT_STRIP = "Map of the segments by {x} (left to right). {customer} {centres}"
MAP_TEXT_HERE = "This customer: {place}, in {segment}."
MAP_TEXT_LINE = "This customer could stand anywhere along {place}."
MAP_TEXT_ANYWHERE = "This customer could stand anywhere."
MAP_TEXT_CENTRE = "{segment} is centred at {place}."
MAP_NOTE = (
    "Colours: the segment the model gives to every point, stronger where it is at least {some} sure and "
    "strongest from {most} on. Dots: the centres."
)
MAP_ACROSS = "Map across"
MAP_UPWARD = "Map upward"
MAP_HELD = "Drawn at {columns}."
MAP_HELD_TYPICAL = "{value} (the most common, because unknown)"

# Scoring a file

SCORE_TITLE = "Score a whole table"
SCORE_LEAD = "Give a CSV, Parquet or Excel file. It comes back with a segment for every customer."
SCORE_FILE = "Customer file"
SCORE_OUTPUT = "Save the result as"
SCORE_OUTPUTS = (("CSV", "csv"), ("Parquet", "parquet"))
SCORE_OPTIONS = "How the file is read"
SCORE_SEPARATOR = "Separator of a CSV file"
SCORE_ENCODING = "Encoding of a CSV file"
SCORE_FOUND_OUT = "find out"
SCORE_SEPARATORS = (("comma ,", ","), ("semicolon ;", ";"), ("tab", "\t"), ("bar |", "|"))
SCORE_ENCODINGS = (("UTF-8", "utf-8"), ("Windows-1252 (Western)", "cp1252"), ("UTF-16", "utf-16"))
SCORE_MISSING = "Columns the file does not have"
SCORE_BEFORE_TITLE = "What the file needs"
SCORE_NEEDS = "One row for each customer, and a header with {columns}: these decide the segment."
SCORE_HELPS = "Where one of them is empty, {columns} help to estimate it."
SCORE_KEEPS = (
    "Every column of yours comes back untouched, followed by segment, probability, route, novelty and error."
)
SCORE_LIMITS = "At most {size} and {rows} rows."
SCORE_PRIVATE = (
    "The file is deleted as soon as it is scored, the result after 15 minutes. Nothing in them is logged or "
    "kept."
)
SCORE_EXAMPLE = "Download an example file"
SCORE_EXAMPLE_NAME = "example-customers.csv"
SCORE_PROGRESS = "{rows} rows scored"
SCORE_DONE = "{rows} rows scored"
SCORE_COMPLETE = "exact"
SCORE_PARTIAL = "estimated"
SCORE_PRIOR = "nothing known"
SCORE_ERRORS = "refused"
SCORE_SEGMENTS = "Customers by segment"
SCORE_PROBLEMS = "What was refused"
SCORE_PROBLEMS_NOTE = "These rows come back without a segment, with a sentence in the column error."
SCORE_COL_PROBLEM = "For example"
COL_ROWS = "Rows"
SCORE_READING = "How the file was read"
SCORE_READING_NOTE = "Not what you meant? Set it beside the file and give the file again."
SCORE_NEUTRALISED = (
    "{count} text cells begin as a formula and got an apostrophe, so that no spreadsheet runs them."
)
SCORE_UNDECODABLE = (
    "{count} rows come from parts of the file that hold bytes which are no text in this encoding."
)
SCORE_ROWS = "The first {count} rows"
SCORE_ROWS_NOTE = "Shaded: the columns that were added."
SCORE_DOWNLOAD = "Download {name}"
SCORE_REFUSED = "This file cannot be scored"
SCORE_NO_FILE = "Please choose a file."
SCORE_FAILED = "Something went wrong on our side while reading this file. Please try again."

# About the model

SEGMENTS_TITLE = "The segments"
SEGMENTS_NOTE = "Numbers: the median, and below it the middle half."
INDEX_NOTE = (
    "Value index: the segment's share of the value over its share of the customers; above 1 it brings in "
    "more than "
    "its size."
)
COL_SEGMENT = "Segment"
COL_CUSTOMERS = "Customers"
COL_TIER = "Tier"
COL_INDEX = "Value index"
NONE = "\N{EN DASH}"
TO = "{low} to {high}"

CHOICE_TITLE = "Why {k} segments"
CHOICE_BY = {
    "rule": "Chosen by the rule",
    "user": "Chosen by the user",
    "exploratory": "Exploratory only",
}
ELBOW_TITLE = "Elbow: inertia"
ELBOW_NOTE = (
    "How far customers are from their centre, summed; always falls, and bends where more segments stop "
    "paying off."
)
ELBOW_SAYS = "The bend is at k = {k}."
ELBOW_SAYS_NOTHING = "There is no clear bend."
SILHOUETTE_TITLE = "Silhouette"
SILHOUETTE_NOTE = (
    "How clearly the segments are apart; below the dashed line, a table without any segments reaches as much."
)
SILHOUETTE_LIMIT = "no segments: {limit}"
STABILITY_TITLE = "Stability"
STABILITY_NOTE = (
    "How much of the segmentation comes back when customers are drawn anew (mean ARI; 1: all of it)."
)
STABILITY_LIMIT = "needed: {limit}"
AXIS_K = "number of segments k"
CHART_TEXT = "{title} by number of segments: {points}. Chosen: k = {k}."
SECOND_OPINIONS = "Second opinions, which do not decide"
K_TABLE = "Every k with its figures"
COL_K = "k"
COL_SILHOUETTE = "Silhouette"
COL_ARI = "Mean ARI"
COL_JACCARD = "Weakest Jaccard"
COL_SMALLEST = "Smallest segment"
COL_VERDICT = "Verdict"
ADMISSIBLE = "meets every condition"
K_TABLE_NOTE = (
    "ARI and Jaccard: how much of the segmentation, and of its weakest segment, comes back when customers "
    "are "
    "drawn anew (1 = everything)."
)

CLASSIFIERS_TITLE = "When something is unknown"
CLASSIFIERS_LEAD = (
    "Surrogate fidelity: how often a classifier repeats what K-Means says about customers held out of "
    "training, by "
    "what is unknown. It is not an accuracy of the segments, for which no true answer exists."
)
CLASSIFIERS_NOTE = (
    "Share repeated ± standard error; below it the log loss (lower is better). {folds} folds, {repeats} "
    "times, "
    "scaler and K-Means fitted anew in each. Held against the segments of all customers instead, {chosen} "
    "comes to "
    "{low} to {high} over the same rows."
)
THRESHOLD_NOTE = (
    "It names a segment only from a probability of {threshold} on: over the shaded patterns it then answers "
    "{answered} of the held-out customers and repeats K-Means for {accuracy} of them. The others get the "
    "ranked list."
)
COL_PATTERN = "Unknown"
PATTERN_COMPLETE = "Nothing"
PATTERN_PAIRS = "Two columns unknown at once"
SERVES = "answers"
SERVED_NOTE = "The classifier answers in the shaded rows; in the others the nearest centre does, exactly."
NEAREST_CENTROID = "Nearest centre"
PRIOR = "Segment sizes only"
CLASSIFIERS = {
    "logistic_regression": "Logistic regression",
    "random_forest": "Random forest",
    "xgboost": "XGBoost",
}
CANNOT = "cannot answer"

CALIBRATION_TITLE = "Is it as often right as it is sure?"
CALIBRATION_NOTE = (
    "Upward: how often the classifier repeats K-Means, over all cases in which it answers; a larger point "
    "holds more customers. On the dashed line it is exactly as often right as it says."
)
CALIBRATION_X = "probability it gives"
CALIBRATION_POINT = "{said}: {right}"
CALIBRATION_TEXT = "Probability the classifier gives, and how often it repeats K-Means. {points}."

FILES_TITLE = "Take it along"
FILES_NOTE = (
    "One ONNX file: raw columns in, answers out, in any language with an ONNX runtime. No customer's row is "
    "in it."
)
FILES_DOWNLOAD = "Download {name} ({size})"
FILES_CARD = "The model card"
FILES_TABLE = "Table of the model card"

COLUMNS_TITLE = "The columns"
COL_COLUMN = "Column"
COL_ROLE = "Role"
COL_VALID = "Valid values"
COL_TRAINED = "In training"
COL_MISSING = "Missing in training"
ROLES = {"clustering": "decides the segment", "profile": "helps where something is unknown"}
ANY_NUMBER = "any number"
ANY_DATE = "any date"
VALID_OTHER = "{values}; anything else counts as {other}"

DATA_TITLE = "Data, file and versions"
DATA_SOURCE = "Data"
DATA_ROWS = "Customers"
DATA_DROPPED = "Left out"
DATA_NOTHING_DROPPED = "nothing"
DATA_DUPLICATES = "{count} repeated rows"
DATA_INCOMPLETE_ROWS = "{count} rows without a deciding column (not clustered)"
DATA_IGNORED = "Columns not used"
DATA_FINGERPRINT = "Data fingerprint (SHA-256)"
MODEL_FINGERPRINT = "Model file (SHA-256)"
CREATED = "Created"
VERSIONS = "Trained with"

LIMITS_TITLE = "Limits"
LIMITS = (
    "The segments describe {rows} customers of one source ({source}). Another shop's customers may fall "
    "apart differently.",
    "A segment is a summary, not a fact about a person: customers near a border could as well stand on "
    "its other side.",
    "The probability of an exact answer says how often a segmentation learnt from other customers agrees, "
    "not how sure a purchase is.",
    "The suggested actions follow from tier and profile by simple rules. Nobody has tested them on these "
    "customers.",
    "Nothing here knows time: a customer whose habits change has to be entered again.",
)
