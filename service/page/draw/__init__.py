"""Drawings as SVG, and the geometry behind them."""
