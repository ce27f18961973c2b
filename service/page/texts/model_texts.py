"""The words about the model: its quality and its segments."""

from __future__ import annotations

from service.languages.plurals import Plural
from service.languages.translated import translated

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
LOG_LOSS = "log loss {value}"
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
FILES_SIZE = "{count} KB"
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
DATA_DUPLICATES = Plural(one="1 duplicate row", other="{count} duplicate rows")
DATA_INCOMPLETE_ROWS = Plural(
    one="1 row without a value in a clustering column",
    other="{count} rows without a value in a clustering column",
)
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

translated(__name__)
