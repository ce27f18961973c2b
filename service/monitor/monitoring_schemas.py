"""The types of what ``/v1/monitoring`` answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

_LIGHT = "green, amber, red, or too few (customers to judge)."
_LOOK = "rows (a number of customers), day, or total (everything since the start)."


class DriftCheck(TypedDict):
    """One figure, its limits and its light."""

    check: Annotated[
        str,
        Field(
            description="column (PSI of its values), distance (ratio of mean squared distances), novelty "
            "(share unlike all in training), segments (PSI of their shares) or missing (share)."
        ),
    ]
    column: Annotated[str, Field(description="Name of the column; empty for a check of all columns.")]
    light: Annotated[str, Field(description=_LIGHT)]
    value: Annotated[float | None, Field(description="The figure; null with too few customers.")]
    expected: Annotated[float, Field(description="The figure without drift.")]
    amber: Annotated[float, Field(description="Beyond it, seen from expected, the light is amber.")]
    red: Annotated[float, Field(description="Beyond it, seen from expected, the light is red.")]
    customers: Annotated[int, Field(description="Customers that the figure is of.")]
    training_customers: Annotated[int, Field(description="Customers that it is compared with.")]
    bins: Annotated[list[str], Field(description="Ranges, categories or segments; empty without shares.")]
    now: Annotated[list[float], Field(description="Share of the customers in each of the bins.")]
    training: Annotated[list[float], Field(description="The same of the training customers.")]


class DriftWindow(TypedDict):
    """What was found in the customers of a window."""

    window: Annotated[str, Field(description=_LOOK)]
    number: Annotated[int, Field(description="Number of the window, from 1.")]
    complete: Annotated[bool, Field(description="Whether the window was complete when it was judged.")]
    began: Annotated[str, Field(description="When its first customers came, in UTC.")]
    ended: Annotated[str, Field(description="When it was judged, in UTC.")]
    customers: Annotated[int, Field(description="Customers in it at that time.")]
    light: Annotated[str, Field(description=f"The worst light of its checks: {_LIGHT}")]
    retrain: Annotated[bool, Field(description="Whether the rule says to train the model again.")]
    advice: Annotated[str, Field(description="The same in a sentence, with the rule.")]
    reasons: Annotated[list[str], Field(description="Why, in sentences.")]
    checks: Annotated[list[DriftCheck], Field(description="Every check.")]


class PastWindow(TypedDict):
    """A complete window in short."""

    window: Annotated[str, Field(description=_LOOK)]
    number: Annotated[int, Field(description="Number of the window, from 1.")]
    began: Annotated[str, Field(description="When its first customers came, in UTC.")]
    ended: Annotated[str, Field(description="When it was complete, in UTC.")]
    customers: Annotated[int, Field(description="Customers in it.")]
    light: Annotated[str, Field(description=f"The worst light of its checks: {_LIGHT}")]
    values: Annotated[
        dict[str, float | None],
        Field(description="Figures by check and column, such as 'column age'; null if not judged."),
    ]


class Monitoring(TypedDict):
    """Whether the customers of the running model are still like those in training."""

    enabled: Annotated[bool, Field(description="Whether answers are counted (MONITORING).")]
    model_version: str
    since: Annotated[str | None, Field(description="When counting started, in UTC.")]
    customers: Annotated[int, Field(description="Customers that were answered since then.")]
    refused: Annotated[int, Field(description="Customers that could not be answered.")]
    routes: Annotated[dict[str, int], Field(description="Customers by route.")]
    segments: Annotated[dict[str, int], Field(description="Customers by segment, however answered.")]
    light: Annotated[str, Field(description=f"The worst light of all windows: {_LIGHT}")]
    retrain: Annotated[bool, Field(description="Whether a window says to train the model again.")]
    advice: Annotated[str, Field(description="The same in a sentence, with the rule.")]
    reasons: Annotated[list[str], Field(description="Why, in sentences; of the window that matters most.")]
    windows: Annotated[list[DriftWindow], Field(description="What was found, for each kind of window.")]
    history: Annotated[list[PastWindow], Field(description="Complete windows, oldest first.")]
    survives_restart: Annotated[bool, Field(description="Whether the counts are saved (MONITOR_STATE).")]
    saved: Annotated[str | None, Field(description="When they were last saved, in UTC.")]
    saving_failed: Annotated[bool, Field(description="Whether they cannot be saved now.")]
