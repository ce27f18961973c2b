"""One currency for all amounts: several are never added up without being asked how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.errors import InputError
from inference.files.columns.numbers.currency_marks import currencies
from inference.wording import counted, quoted
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.transaction_amounts import Currency, one_each
from trainer.rfm.transaction_cells import keys
from trainer.schema.table_remedies import ConvertCurrencies, KeepCurrency

_SHOWN = 4  # currencies in a sentence


@dataclass(frozen=True, kw_only=True)
class OneCurrency:
    """What makes all amounts comparable.

    Attributes:
        factor: ``[N]`` by which a line's amount is multiplied.
        foreign: ``[N]`` lines in a currency that is left out.
        name: the currency of the result, empty where none is known; notes: what was done.
    """

    factor: NDArray[np.float64]
    foreign: NDArray[np.bool_]
    name: str = ""
    notes: tuple[str, ...] = ()


def column_currencies(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], tuple[Currency, ...]]:
    """The currency of each line from a column of codes or signs, as positions in them (-1 = empty)."""
    codes, spelled = keys(column)
    words = spelled.cast(pa.string()).to_pylist()
    lines = np.bincount(codes[codes >= 0], minlength=len(words))
    meant = [currencies(word) or frozenset((word.upper(),)) for word in words]
    found, positions = one_each([(word, meant[i], int(lines[i])) for i, word in enumerate(words)])
    return np.append(np.array(positions, dtype=np.int64), -1)[codes], found


def one_currency(
    own: NDArray[np.int64], found: Sequence[Currency], lines: NDArray[np.bool_], settings: RfmSettings
) -> OneCurrency:
    """Keep one currency or convert to it.

    Args:
        own: ``[N]`` positions in ``found``, -1 where a line names none.
        found: the currencies of the file; lines: which lines ``[N]`` count.
        settings: which currency to keep, and the rates.

    Raises:
        InputError: when there are several and nothing says what to do, or a rate is missing.
    """
    count = np.bincount(own[lines & (own >= 0)], minlength=len(found)).tolist()
    present = [index for index in range(len(found)) if count[index]]
    nothing = OneCurrency(factor=np.ones(len(own)), foreign=np.zeros(len(own), dtype=bool))
    if not present:
        _check_known(settings.currency, [])
        return OneCurrency(factor=nothing.factor, foreign=nothing.foreign, name=settings.currency.upper())
    target = _target(found, present, count, settings)
    if len(present) == 1 and target == present[0]:
        return OneCurrency(factor=nothing.factor, foreign=nothing.foreign, name=found[target].name)
    if settings.rates:
        return _converted(own, found, present, target, settings)
    foreign = own != target
    others = [
        f"{found[index].name} ({counted(count[index], 'line')})" for index in present if index != target
    ]
    nameless = int((lines & (own < 0)).sum())
    others += [f"none ({counted(nameless, 'line')})"] if nameless else []
    notes = (f"only amounts in {found[target].name} count; left out: {', '.join(others[:_SHOWN])}",)
    return OneCurrency(factor=nothing.factor, foreign=foreign, name=found[target].name, notes=notes)


def _check_known(currency: str, seen: Sequence[str]) -> None:
    if currency and seen:
        raise InputError(
            f"the currency must be one of the file, but it is {quoted(currency)}; the file has "
            f"{', '.join(seen[:_SHOWN])}"
        )


def _target(
    found: Sequence[Currency], present: Sequence[int], count: Sequence[int], settings: RfmSettings
) -> int:
    names = [found[index].name for index in present]
    if settings.currency:
        meant = [index for index in present if found[index].is_meant_by(settings.currency)]
        if not meant:
            _check_known(settings.currency, names)
        return meant[0]
    if len(present) == 1:
        return present[0]
    unrated = [index for index in present if _rate(found[index], settings) is None]
    if settings.rates and len(unrated) == 1:
        return unrated[0]
    ranked = sorted(present, key=lambda index: -count[index])
    seen = [f"{found[index].name} ({counted(count[index], 'line')})" for index in ranked[:_SHOWN]]
    if settings.rates:
        without = [found[index].name for index in unrated]
        raise InputError(
            "rates must leave one currency that the others are converted to, but without a rate are "
            f"{', '.join(without[:_SHOWN]) or 'none'}",
            remedies=[KeepCurrency(currency=found[ranked[0]].name)],
        )
    raise InputError(
        f"amounts must be in one currency to be added, but the file has {', '.join(seen)}",
        remedies=[
            KeepCurrency(currency=found[ranked[0]].name),
            ConvertCurrencies(currency=found[ranked[1]].name),
        ],
    )


def _rate(currency: Currency, settings: RfmSettings) -> float | None:
    return next((rate for name, rate in settings.rates.items() if currency.is_meant_by(name)), None)


def _converted(
    own: NDArray[np.int64],
    found: Sequence[Currency],
    present: Sequence[int],
    target: int,
    settings: RfmSettings,
) -> OneCurrency:
    factors = np.full(len(found) + 1, np.nan)
    factors[target] = 1.0
    notes = []
    for index in present:
        rate = _rate(found[index], settings)
        if index == target:
            continue
        if rate is None:
            raise InputError(
                f"every currency must have a rate to {found[target].name}, but {found[index].name} has none",
                remedies=[ConvertCurrencies(currency=found[index].name)],
            )
        factors[index] = rate
        notes.append(f"1 {found[index].name} is {rate:g} {found[target].name}")
    factor = factors[own]
    foreign = np.isnan(factor)
    return OneCurrency(
        factor=np.where(foreign, 1.0, factor),
        foreign=foreign,
        name=found[target].name,
        notes=(f"amounts are converted: {', '.join(notes[:_SHOWN])}",),
    )
