"""Whether customers form separate groups, how many, and what to offer where they do not."""
