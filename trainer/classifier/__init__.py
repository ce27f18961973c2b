"""Trains and evaluates the classifiers that answer for incomplete customers."""
