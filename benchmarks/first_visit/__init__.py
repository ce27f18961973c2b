"""A first visit of the page, as Lighthouse judges it."""
