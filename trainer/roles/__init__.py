"""What the columns of a table are for: proposed from the data, set by the user, written to a file."""
