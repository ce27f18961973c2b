"""Customers that are remembered: routes, tab and the store behind them. Off unless ``STORE=on``."""
