"""Reads Excel, in a process of its own."""
