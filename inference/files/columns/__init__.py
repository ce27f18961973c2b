"""Reads the cells of one column, whatever wrote them: decide a reading once, then apply it to every batch."""
