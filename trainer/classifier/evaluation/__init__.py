"""What a candidate is worth on customers that it has not seen, and for whom."""
