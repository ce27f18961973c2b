"""The words of the tab of remembered customers, and of movements between segments."""

from __future__ import annotations

from service.languages.plurals import Plural
from service.languages.translated import translated

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
MOVED_TITLE = "Who came and who left"
MOVED_LEAD = (
    "Remembered customers who changed the segment: their answers at the beginning and at the end of the time."
)
MOVED_WINDOW = "Time"
MOVED_DAYS = Plural(one="Last day", other="Last {count} days")
MOVED_TOTAL = "{moved} of {total} customers changed the segment."
MOVED_NOBODY = "No customer was remembered at the end of this time; choose another one."
MOVED_HEAD = ("Segment", "Change", "Picture", "Came", "Left", "Now", "New")
MOVED_PICTURE = "{left} left, {came} came"
MOVED_FROM = "Came from"
MOVED_TO = "Went to"
MOVED_BEYOND = "more than chance explains"
MOVED_NOTE = (
    "New are those who were remembered for the first time; they are not among those who came. The tab "
    "Customers compares any two days and says how much of it chance explains."
)
MOVED_MATRIX = "From each segment (rows) to each (columns)"
MOVED_EXPORT = "Download movements as CSV"
MOVED_NAME = "movements.csv"
MOVED_HEADERS = ("from", "to", "customers")

translated(__name__)
