"""Two scored files of the same customers: who changed the segment."""
