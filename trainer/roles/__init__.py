"""What the columns of a table are for: proposed from the data, said by a person, written to a file."""
