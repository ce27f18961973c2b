"""The page: tabs, form, handlers and texts."""
