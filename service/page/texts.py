"""Every word of the page that does not come from the model file."""

from __future__ import annotations

# The frame

PAGE_TITLE = "Customer segments"
HEADING = "What kind of customer is this?"
PREVIEW_ALT = "A customer's values on the left; on the right the segment, its probability and its action."
LEAD = "Enter what you know. The segment, its value and the suggested action update as you type."
TAB_INPUT = "Customer input"
TAB_PREDICTION = "Prediction"
TAB_MODEL = "Model info"
TAB_SCORE = "Score a file"
TAB_MONITORING = "Monitoring"
TAB_CUSTOMERS = "Customers"
SEE_MORE = "See the full prediction"

ABOUT_TITLE = "About the project"
ABOUT_LEAD = (
    "Sorts customers into segments, for people who plan offers: which segment a customer belongs to, how "
    "certain that is, and what usually works there."
)
ABOUT_HOW_TITLE = "How it works"
ABOUT_HOW = (
    "K-Means found the segments in the data.",
    "Complete answer: all clustering columns ({clustering}) are known, and the nearest segment centre "
    "decides.",
    "Partial answer: some of them are unknown, and a classifier estimates the segment.",
)
ABOUT_READ_TITLE = "What the tiers mean"
ABOUT_TIERS = (
    "Premium segments bring in far more than their share of customers, average segments about their "
    "share, and low-spending segments clearly less."
)
ABOUT_LIMITS_TITLE = "What it does not do"
ABOUT_LIMITS = (
    "It describes customers like the {rows} it was trained on ({source}). It does not predict what a "
    "person will buy. {kept}"
)
ABOUT_API_TITLE = "Use the API"
ABOUT_API = "Gradio clients and MCP tools: see API at the bottom of the page. REST is at /v1:"
ABOUT_API_LINK = "try the REST API"

# The form

FORM_TITLE = "What do you know about the customer?"
FORM_HINT = "Leave anything you do not know as unknown."
EXAMPLES = "Start from a typical customer"
MORE_FIELDS_ONE = "1 more field (a profile column, which helps where something is unknown)"
MORE_FIELDS = "{count} more fields (profile columns, which help where something is unknown)"
CLEAR = "Clear all"
LINK = "Copy a link to this customer"
LINK_HINT = "The link contains the values above."
LINK_COPIED = "Copied. The link contains the values above."
LINK_SHOWN = "The address of this page now contains the values above. Copy it from the address bar."
UNKNOWN = "Unknown"
UNKNOWN_BOX = "unknown"
UNKNOWN_FIELD = "{label}: unknown"
CLUSTERING_BADGE = "clustering"
CLUSTERING_HINT = "Clustering column: decides the segment"
SLIDER_LABEL = "{title}, slider"
TYPICAL = "typical {low} to {high}"
VALID = "valid {low} to {high}"

# The answer

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
ROUTE_PARTIAL_TEXT = "{missing} unknown, so the classifier estimates the segment from the other values."
IS_UNKNOWN = "{columns} is"
ARE_UNKNOWN = "{columns} are"
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
COMPARE_MORE_ONE = "1 more column"
COMPARE_MORE = "{count} more columns"
COMPARE_UNKNOWN = "unknown"

BECAUSE_TITLE = "Mainly because of"
WHY_TITLE = "Why {segment}"
WHY_TITLE_UNSURE = "Why {segment} comes first"
WHY_LEAD = (
    "From {start} before anything is known to {end} now: what each value adds, in percentage points. "
    "Bars to the right support the segment, bars to the left argue against it."
)
WHY_REST_ONE = "The other column: {points}."
WHY_REST = "The other {count} columns together: {points}."
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

# The map

MAP_TITLE = "Where this customer is on the map"
MAP_HERE = "This customer"
MAP_SOMEWHERE = "Somewhere on this line"
MAP_ANYWHERE = "Could be anywhere: {columns} unknown"
MAP_BEYOND = "off the map: {value}"
MAP_TEXT = "Map of the segments by {x} (left to right) and {y} (bottom to top). {customer} {centres}"
MAP_TEXT_STRIP = "Map of the segments by {x} (left to right). {customer} {centres}"
MAP_TEXT_HERE = "This customer: {place}, in {segment}."
MAP_TEXT_LINE = "This customer could be anywhere along {place}."
MAP_TEXT_ANYWHERE = "This customer could be anywhere."
MAP_TEXT_CENTRE = "The centre of {segment} is at {place}."
MAP_NOTE = (
    "Colours show the predicted segment, stronger from a probability of {some} and strongest from "
    "{most}. Dots are segment centres."
)
MAP_ACROSS = "Horizontal axis"
MAP_UPWARD = "Vertical axis"
MAP_HELD = "Drawn for {columns}."
MAP_HELD_TYPICAL = "{value} (the most common value, because unknown)"

# Scoring a file

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
SCORE_NEEDS_ONE = "One row per customer and a header. The clustering column decides the segment: {columns}."
SCORE_NEEDS = "One row per customer and a header. The clustering columns decide the segment: {columns}."
SCORE_HELPS_ONE = "The profile column helps where a clustering column is empty: {columns}."
SCORE_HELPS = "The profile columns help where a clustering column is empty: {columns}."
SCORE_KEEPS = (
    "Your columns are returned unchanged, followed by segment, probability, route, novelty and error."
)
SCORE_LIMITS_ONE = "At most {size} and 1 row."
SCORE_LIMITS = "At most {size} and {count} rows."
SCORE_PRIVATE = "The file is deleted right after scoring, the result after 15 minutes. Nothing is logged."
SCORE_EXAMPLE = "Download an example file"
SCORE_EXAMPLE_NAME = "example-customers.csv"
SCORE_PROGRESS_ONE = "1 row scored"
SCORE_PROGRESS = "{count} rows scored"
SCORE_DONE_ONE = "1 row scored"
SCORE_DONE = "{count} rows scored"
SCORE_COMPLETE = "complete"
SCORE_PARTIAL = "partial"
SCORE_PRIOR = "nothing known"
SCORE_ERRORS = "refused"
SCORE_SEGMENTS = "Customers by segment"
SCORE_PROBLEMS = "Problems found"
SCORE_PROBLEMS_NOTE = "These rows are returned without a segment; the column error gives the reason."
SCORE_NOTES = "Cells not used"
SCORE_NOTES_NOTE = "These cells of profile columns counted as missing; the column note gives the reason."
SCORE_COL_PROBLEM = "For example"
COL_ROWS = "Rows"
SCORE_READING = "How the file was read"
SCORE_READING_NOTE = "Not right? Change the reading options and upload the file again."
SCORE_LEFT_OUT_ONE = "1 row is about the table and was not scored: {example}."
SCORE_LEFT_OUT = "{count} rows are about the table and were not scored; for example, {example}."
SCORE_NEUTRALISED_ONE = (
    "1 text cell starts like a formula and was prefixed with ' so that spreadsheets do not run it."
)
SCORE_NEUTRALISED = (
    "{count} text cells start like a formula and were prefixed with ' so that spreadsheets do not run them."
)
SCORE_UNDECODABLE_ONE = (
    "1 row is from a part of the file with bytes that are not valid in this encoding; these bytes "
    "were replaced."
)
SCORE_UNDECODABLE = (
    "{count} rows are from parts of the file with bytes that are not valid in this encoding; these "
    "bytes were replaced."
)
SCORE_ROWS_ONE = "The first row"
SCORE_ROWS = "The first {count} rows"
SCORE_ROWS_NOTE = "Shaded columns were added."
SCORE_DOWNLOAD = "Download {name}"
SCORE_REFUSED = "This file cannot be scored"
SCORE_NO_FILE = "Please choose a file."
SCORE_FAILED = "Something went wrong on our side while reading this file. Please try again."

# About the model

SEGMENTS_TITLE = "The segments"
SEGMENTS_NOTE = "Numbers show the median and, below it, the middle half of the customers."
INDEX_NOTE = (
    "Value index: the segment's share of total value divided by its share of customers. Above 1, it "
    "brings in more than its size."
)
RATE_NOTE = (
    "Rate: value per unit of tenure divided by that of all customers. The tier follows from it, because "
    "value accumulates with tenure."
)
OUTCOME_NOTE = (
    "Outcomes are rates or means of the training customers, with 95% intervals below; they did not form the "
    "segments."
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
}
ELBOW_TITLE = "Elbow: inertia"
ELBOW_NOTE = (
    "Sum of squared distances to the segment centres. It always falls; a bend marks where more "
    "segments stop helping."
)
ELBOW_SAYS = "The bend is at k = {k}."
ELBOW_SAYS_NOTHING = "There is no clear bend."
SILHOUETTE_TITLE = "Silhouette"
SILHOUETTE_NOTE = "How clearly the segments are separated."
SILHOUETTE_OTHER_NOTE = "One population without segments reaches the dashed line on average."
SILHOUETTE_OTHER = "one population"
STABILITY_TITLE = "Stability"
STABILITY_NOTE = "How much of the segmentation reappears in resampled data (mean ARI; 1 = all of it)."
STABILITY_LIMIT = "required: {limit}"
AXIS_K = "number of segments k"
CHART_OTHER = "For comparison, {label}: {points}."
CHART_TEXT = "{title} by number of segments: {points}. Chosen: k = {k}."
SECOND_OPINIONS = "Other criteria, for information only"
K_TABLE = "Results for every k"
COL_K = "k"
COL_SILHOUETTE = "Silhouette"
COL_ARI = "Mean ARI"
COL_JACCARD = "Weakest Jaccard"
COL_SMALLEST = "Smallest segment"
COL_KIND = "Kind"
COL_ONE_POPULATION = "One population"
COL_RESULT = "Why not natural"
COL_SEGMENTS = "Segments (customers)"
COL_OPTION = "Trainer option"
OTHER_NUMBERS = "Other numbers of segments to consider"
OTHER_COLUMNS = "With other columns"
OTHER_COLUMNS_NOTE = (
    "The same rule for other clustering columns, judged on fewer customers; the chosen ones first, then the "
    "best. The option takes a set when the model is trained again. The more sets are tried, the more likely "
    "one looks separated by chance."
)
COL_COLUMNS = "Clustering columns"
COL_EXCESS = "Above one population"
OTHER_COLUMNS_ARE = "Columns: {columns}"
OTHER_SEGMENTS_ARE = "Segments: {names}"
UNKNOWN_FIGURE = "not measured"
K_TABLE_NOTE = (
    "ARI and Jaccard: how much of the segmentation, and of its weakest segment, reappears in "
    "resampled data (1 = all of it)."
)

CLASSIFIERS_TITLE = "When something is unknown"
CLASSIFIERS_LEAD = (
    "Surrogate fidelity: how often a classifier agrees with K-Means on held-out customers, by what "
    "is unknown. It is not an accuracy of the segments, for which no true answer exists."
)
CLASSIFIERS_NOTE = (
    "Agreement ± standard error, with the log loss below it (lower is better). Cross-validation with "
    "{folds} folds (repeats: {repeats}); scaler and K-Means are refitted in every fold. Compared with "
    "the segments of all customers, {chosen} scores {low} to {high} on the same rows."
)
THRESHOLD_NOTE = (
    "It names a segment from a probability of {threshold}. In the shaded rows it then answers "
    "{answered} of the held-out customers and agrees with K-Means on {accuracy} of them. The others "
    "get a ranked list."
)
COL_PATTERN = "Unknown"
PATTERN_COMPLETE = "Nothing"
PATTERN_PAIRS = "Two columns unknown"
SERVES = "used"
SERVED_NOTE = (
    "The classifier answers in the shaded rows (partial answers). In the other rows the nearest "
    "segment centre answers (complete answers)."
)
NEAREST_CENTROID = "Nearest centre"
PRIOR = "Segment sizes only"
CLASSIFIERS = {
    "logistic_regression": "Logistic regression",
    "random_forest": "Random forest",
    "xgboost": "XGBoost",
    "gaussian": "Gaussian per segment",
    "blend": "Blend of Gaussian and XGBoost",
}
CANNOT = "cannot answer"

SCORES_TITLE = "Accuracy, precision, recall and F1"
SCORES_LEAD = (
    "Every classifier on held-out complete customers, compared with the segments of K-Means. In use, the "
    "nearest centre answers for complete customers; the classifier for incomplete ones is shaded."
)
SCORES_MEANINGS = (
    ("Accuracy", "share of customers whose own segment is returned."),
    ("Precision", "of the customers answered with a segment, the share that belongs to it."),
    ("Recall", "of the customers who belong to a segment, the share answered with it."),
    ("F1", "harmonic mean of precision and recall."),
    ("All segments", "mean over the segments (macro), ± standard error; small segments count as much."),
    (
        "Confusion matrix",
        "the numbered columns: how many customers of the row's segment were answered with each "
        "segment{repeats}. Right answers are bold.",
    ),
)
SCORES_REPEATS = ", over {repeats} repeats of the cross-validation"
SCORES_ALL = "all segments"
COL_CLASSIFIER = "Classifier and segment"
COL_ACCURACY = "Accuracy"
COL_PRECISION = "Precision"
COL_RECALL = "Recall"
COL_F1 = "F1"
COL_ANSWERED = "Answered {number}"

CALIBRATION_TITLE = "How reliable are its probabilities?"
CALIBRATION_NOTE = (
    "Vertical axis: how often the classifier agrees with K-Means, over all cases that it answers. "
    "Larger points stand for more customers. On the dashed line it agrees exactly as often as its "
    "probability states."
)
CALIBRATION_X = "predicted probability"
CALIBRATION_POINT = "{predicted}: {right}"
CALIBRATION_TEXT = "Predicted probability of the classifier, and how often it agrees with K-Means. {points}."

FILES_TITLE = "Download"
FILES_NOTE = (
    "One ONNX file: raw columns in, answers out, in any language with an ONNX runtime. It contains "
    "no customer rows."
)
FILES_DOWNLOAD = "Download {name} ({size})"
FILES_CARD = "Model card"
FILES_TABLE = "Table of the model card"

COLUMNS_TITLE = "The columns"
COL_COLUMN = "Column"
COL_ROLE = "Role"
COL_VALID = "Valid values"
COL_TRAINED = "Range in training"
COL_MISSING = "Missing in training"
ROLES = {
    "clustering": "clustering column: decides the segment",
    "profile": "profile column: helps where something is unknown",
}
ANY_NUMBER = "any number"
ANY_DATE = "any date"
VALID_OTHER = "{values}; anything else counts as {other}"

DATA_TITLE = "Data, file and versions"
DATA_SOURCE = "Data"
DATA_ROWS = "Customers"
DATA_DROPPED = "Excluded"
DATA_NOTHING_DROPPED = "none"
DATA_DUPLICATES_ONE = "1 duplicate row"
DATA_DUPLICATES = "{count} duplicate rows"
DATA_INCOMPLETE_ROWS_ONE = "1 row without a value in a clustering column"
DATA_INCOMPLETE_ROWS = "{count} rows without a value in a clustering column"
DATA_IGNORED = "Columns not used"
DATA_FINGERPRINT = "Data fingerprint (SHA-256)"
MODEL_FINGERPRINT = "Model file (SHA-256)"
SEAL = "Seal of the model file"
SEALED = "compared when the file was loaded: nothing was changed after training"
UNSEALED = "none: an earlier version wrote the file, and a change would not be noticed"
BUILT_FROM = "App built from commit"
CREATED = "Created"
VERSIONS = "Trained with"

LIMITS_TITLE = "Limits"
LIMITS = (
    "The segments describe {rows} customers of one source ({source}). Other customers may form other "
    "segments.",
    "A segment is a summary, not a fact about a person: customers near a border could belong to the "
    "other side.",
    "The probability of a complete answer shows how often a segmentation learned from other "
    "customers agrees. It does not predict a purchase.",
    "The suggested actions follow from tier and profile by simple rules. They have not been tested "
    "on these customers.",
    "The model does not account for changes over time: enter a customer again when their habits change.",
)

# Monitoring

MONITORING_REFRESH = "Refresh"
MONITORING_TITLES = {
    "green": "Customers are like those in training",
    "amber": "Some customers differ from training",
    "red": "Customers have changed since training",
    "too few": "Too few customers to judge",
}
LIGHTS = {"green": "Green", "amber": "Amber", "red": "Red", "too few": "Too few"}
MONITORING_RETRAIN = "Train again?"
MONITORING_YES = "Yes"
MONITORING_NO = "No"
MONITORING_LATER = "Too early to say"
MONITORING_COUNTED = "customers counted"
MONITORING_COMPLETE = "all clustering columns known"
MONITORING_NOVEL = "unlike all in training"
MONITORING_REFUSED = "could not be answered"
MONITORING_WINDOW = "Judged: {window}, {customers}, {began} to {ended} (UTC)."
MONITORING_WINDOWS = {
    "rows": "the window of customers number {number}",
    "day": "day {number}",
    "total": "everything since the start",
    "report": "the saved days",
    "file": "the file",
}
MONITORING_CUSTOMERS_ONE = "1 customer"
MONITORING_CUSTOMERS = "{count} customers"
MONITORING_CHECKS = "Checks"
MONITORING_CHECKS_LEAD = (
    "A check is amber or red when the difference is large enough to matter and larger than chance explains "
    "for this number of customers. The mark is the first limit."
)
MONITORING_LIGHT = "Light"
MONITORING_CHECK = "Check"
MONITORING_FIGURE = "Figure"
MONITORING_LIMIT = "Limits"
MONITORING_ONE_LIMIT = "red {red}"
MONITORING_LIMITS = "amber {amber}, red {red}"
MONITORING_KINDS = {
    "column": "{column}: values",
    "distance": "Distance to the centroids",
    "novelty": "Unlike all in training",
    "segments": "Shares of the segments",
    "missing": "{column}: missing",
}
MONITORING_FIGURES = {
    "column": "PSI {value}",
    "distance": "{value} times training",
    "novelty": "{value} of customers",
    "segments": "PSI {value}",
    "missing": "{value} of customers",
}
MONITORING_SHARES = "Now and in training"
MONITORING_SHARES_LEAD = (
    "Share of the customers in each range of values. The ranges held about a tenth each in training."
)
MONITORING_NOW = "now"
MONITORING_TRAINING = "in training"
MONITORING_BAR = "{name}: {now} now, {training} in training"
MONITORING_SHARES_TEXT = "{title}. {bars}."
MONITORING_SEGMENTS = "Segments"
MONITORING_PAST = "Windows so far"
MONITORING_PAST_LEAD = (
    "Each bar is a complete window of customers: the figure of its worst check, divided by that check's "
    "limit. Above the line it is amber or red."
)
MONITORING_PAST_BAR = "window {number}, until {ended}: {light}, {ratio} of the limit"
MONITORING_PAST_TEXT = "Complete windows. {bars}."
MONITORING_PAST_LIMIT = "limit"
MONITORING_OTHERS = "Every kind of window"
MONITORING_COL_WINDOW = "Window"
MONITORING_COL_CUSTOMERS = "Customers"
MONITORING_COL_TIME = "From, to (UTC)"
MONITORING_COL_FOUND = "Found"
MONITORING_HOW = "How it is judged"
MONITORING_HOW_POINTS = (
    "Only counts are kept: how many customers were in each range and segment. No customer is stored.",
    "A window is judged at 50, 100, 200, ... customers and when it is complete. Opening this page adds no "
    "look.",
    "Without any change, a service shows amber or red with a probability of at most {false_alarm}, in all "
    "its time.",
    "PSI (population stability index) compares two sets of shares: 0 if they are equal. Above 0.10 is amber, "
    "above 0.25 red, if chance does not explain it.",
    "Counted are customers sent to the API and files that were scored. The form of this page is for trying "
    "and is not counted.",
)
MONITORING_SAVED = "Counts survive a restart. Last saved: {saved} (UTC)."
MONITORING_SAVED_NOT_YET = "Counts survive a restart. Not saved yet."
MONITORING_UNSAVED = (
    "Counts end with the process. MONITOR_STATE names a file in which they survive a restart."
)
MONITORING_SAVING_FAILED = "Counts cannot be saved now. The log of the server has the reason."
MONITORING_STARTED_AGAIN = "The saved counts could not be used and were put aside. Counting started again."
MONITORING_REPORT_TITLE = "Monitoring report"
MONITORING_REPORT_MODEL = "Model {name}, version {version}."

SAVE_TITLE = "Remember this customer"
SAVE_LEAD = "Saves the values of the form and the answer under an id of yours; segments are then followed."
SAVE_ID = "Customer id"
SAVE_BUTTON = "Save"
SAVE_DONE = "Saved. {id} is in {segment}."
SAVE_MOVED = "Saved. {id} moved from another segment to {segment}."
SAVE_SAME = "Nothing changed: {id} was saved before with the same values."
SAVE_NO_ID = "An id must be 1 to 200 printable characters, not . or .., such as the customer's number."
CUSTOMERS_TITLE = "Remembered customers"
CUSTOMERS_LEAD = (
    "Everyone who was saved here, by the API or by an import, with the segment of the last answer."
)
CUSTOMERS_LOST = (
    "This app has no lasting storage: every customer is lost when it restarts. Mount a volume and name a "
    "file on it in STORE_PATH, or set DATABASE_URL."
)
CUSTOMERS_NONE = (
    "No customer matches. Save one below a prediction, or import a file: python -m customers import FILE."
)
CUSTOMERS_MORE = "The first {shown} of more; search for an id to see others."
CUSTOMERS_SEARCH = "Id begins with"
CUSTOMERS_SEGMENT = "Segment"
CUSTOMERS_ALL = "All segments"
CUSTOMERS_FIND = "Find"
CUSTOMERS_HEAD = ("Id", "Segment", "Probability", "Route", "Answered")
CUSTOMER_TITLE = "One customer"
CUSTOMER_LEAD = "History, everything that is known as a letter or JSON, and erasing."
CUSTOMER_SHOW = "Show"
CUSTOMER_LETTER = "Letter"
CUSTOMER_EXPORT = "JSON"
CUSTOMER_ERASE = "Erase"
CUSTOMER_SURE = "Yes, erase {id} and the whole history"
CUSTOMER_OTHER = "Nothing was erased: the id was changed in between. Press Erase again."
CUSTOMER_HISTORY = ("When", "From", "To", "Because of")
CUSTOMER_CAUSES = {"first": "first answer", "data": "other values", "model": "another model", "both": "both"}
MOVEMENT_TITLE = "Who changed the segment"
MOVEMENT_LEAD = "Compares two days, and says how much of the movement chance explains."
MOVEMENT_FROM = "From (such as 2026-05-31)"
MOVEMENT_TO = "To"
MOVEMENT_SHOW = "Compare"
MOVEMENT_DAY = "Both must be days such as 2026-05-31, the earlier one first."
ABOUT_NOTHING_KEPT = "Nothing entered here is stored."
ABOUT_KEPT = "Values are stored only where somebody saves a customer."
