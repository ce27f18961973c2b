"""What columns a table has and which features are made of them."""
