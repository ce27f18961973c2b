"""The words of the tab that monitors the model."""

from __future__ import annotations

from service.languages.plurals import Plural
from service.languages.translated import translated

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
MONITORING_CUSTOMERS = Plural(one="1 customer", other="{count} customers")
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

translated(__name__)
