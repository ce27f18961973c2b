"""The owner's own names for segments: the file they are in, and changing them on the cards."""
