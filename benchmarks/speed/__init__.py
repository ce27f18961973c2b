"""Speed and memory of this product, beside what a user would pick instead."""
