"""The parts of the page that show results as HTML."""
