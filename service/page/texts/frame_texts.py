"""The words around the tabs: title, headings and the panel about the project."""

from __future__ import annotations

from service.languages.translated import translated

PAGE_TITLE = "Customer segments"
HEADING = "Your customers in groups you can act on"
PREVIEW_ALT = "A customer's values on the left; on the right the segment, its probability and its action."
LEAD = "Try the customer below: the segment, its value and the suggested action update as you type."
HERO_OWN_DATA = "Find segments in your own data"
HERO_SEGMENTS = "See all segments"
TAB_INPUT = "Customer input"
TAB_PREDICTION = "Prediction"
TAB_MODEL = "Model info"
TAB_SCORE = "Score a file"
TAB_MONITORING = "Monitoring"
TAB_CUSTOMERS = "Customers"
SEE_MORE = "See the full prediction"

LANGUAGES = "Languages"
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
ABOUT_NOTHING_KEPT = "Nothing entered here is stored."
ABOUT_KEPT = "Values are stored only where somebody saves a customer."

translated(__name__)
