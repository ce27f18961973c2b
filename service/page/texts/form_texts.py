"""The words of the form."""

from __future__ import annotations

from service.languages.plurals import Plural
from service.languages.translated import translated

FORM_TITLE = "What do you know about the customer?"
FORM_HINT = "Leave anything you do not know as unknown."
EXAMPLES = "Start from a typical customer"
MORE_FIELDS = Plural(
    one="1 more field (a profile column, which helps where something is unknown)",
    other="{count} more fields (profile columns, which help where something is unknown)",
)
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
OUTSIDE = "Enter a number from {low} to {high}, or leave it unknown."
OUTSIDE_WHOLE = "Enter a whole number from {low} to {high}, or leave it unknown."
OUTSIDE_DATE = "Enter a date from {low} to {high}, or leave it unknown."
NO_NUMBER = "Enter a number, or leave it unknown."
NO_WHOLE = "Enter a whole number, or leave it unknown."
STALE = "The answer is not up to date: the server does not answer. It is renewed when you change a value."
VALID = "valid {low} to {high}"

translated(__name__)
