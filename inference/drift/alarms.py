"""How the chance of a false alarm is divided, so that looking often does not raise it.

A service without drift raises an alarm with a probability of at most ``FALSE_ALARM``, in all the time that it
runs. Each of the ``SERIES`` of windows has an equal part of it. Its window ``j`` may use ``1 / (j (j + 1))``
of the part, which adds up to one: alpha spending (Lan & DeMets 1983) with Bonferroni's inequality.

A window is looked at when it is complete, with half of what it may use, and before that when it has 50, 100,
200, ... rows; look ``e`` of these has half times ``1 / ((e + 1) (e + 2))``. Nobody who opens a page or calls
the API adds a look: what they see was judged at these numbers of rows.
"""

from __future__ import annotations

from dataclasses import dataclass

FALSE_ALARM = 0.02
SERIES = 3  # windows by count, windows by time, and everything since the start


@dataclass(frozen=True)
class Alarms:
    """The probability of a false alarm that one look may have, over all its checks."""

    probability: float

    @classmethod
    def of_window(cls, window: int, *, look: int | None = None) -> Alarms:
        """Of window 1, 2, ... when it is complete, or at its look 0, 1, ... before that.

        Example:
            >>> round(Alarms.of_window(1).probability, 5), round(Alarms.of_window(2, look=0).probability, 6)
            (0.00167, 0.000278)
        """
        share = 0.5 if look is None else 0.5 / ((look + 1) * (look + 2))
        return cls(FALSE_ALARM / SERIES / (window * (window + 1)) * share)

    @classmethod
    def of_total(cls, look: int) -> Alarms:
        """Of look 0, 1, ... at everything since the start."""
        return cls(FALSE_ALARM / SERIES / ((look + 1) * (look + 2)))

    @classmethod
    def once(cls) -> Alarms:
        """Of a table that is judged by itself, such as a file."""
        return cls(FALSE_ALARM)


def of_report(windows: int) -> Alarms:
    """Of a report that begins at any of so many windows: each is one that could have been chosen."""
    return Alarms(FALSE_ALARM / (windows * windows * (windows + 1)))
