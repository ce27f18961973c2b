"""Recency, frequency and monetary value: from transactions to a customer table."""
