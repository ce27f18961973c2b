"""The settings with which the tests choose a number of segments."""

from __future__ import annotations

from trainer import ChoiceSettings

QUICK_CHOICE = ChoiceSettings(k_max=5, bootstraps=10, most_bootstraps=10, draws=39, most_draws=39, jobs=1)
"""The least work that still decides: fewer draws give no 5% level."""
