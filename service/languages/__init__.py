"""The languages of the page: the reader's language, its texts, and how it writes numbers and dates."""
