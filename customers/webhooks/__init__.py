"""Sends changes of segments to another system, at an address of the public internet."""
