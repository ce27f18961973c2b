"""Who is one customer: the spellings of one identifier are one, and guests are reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.errors import InputError
from inference.wording import counted, quoted, quoted_names
from trainer.rfm.transaction_cells import keys, texts, without_decimals
from trainer.rfm.transaction_headers import plain

_EMAIL = r"^(?:mailto:)?[^@\s]+@[^@\s]+$"
_GUEST_TEXT = (
    "guest guests guestcheckout gast gaste invitado invitados invite invites convidado convidados ospite "
    "ospiti гость гости gosc misafir konuk ゲスト 游客 访客 anonymous anonym anonyme anonimo anonimowy "
    "анонимно walkin walkincustomer cashcustomer cashsale barverkauf unknown unbekannt inconnu desconocido "
    "desconhecido sconosciuto onbekend неизвестно nieznany bilinmiyor laufkunde passant posale pos default "
    "dummy test"
)
_GUESTS = frozenset(plain(word) for word in _GUEST_TEXT.split())
_NUMBERS_FOR_NOBODY = re.compile(r"-\d+|0+|(\d)\1{4,}")
_FAR, _MANY_LINES, _ENOUGH, _FLAGGED = 5, 30, 5, 3  # times the next, lines, customers, flagged at most


@dataclass(frozen=True, kw_only=True)
class CustomerKeys:
    """The customer of each line, ``[N]`` positions in ``customers`` (-1 = none), and in words what is one."""

    codes: NDArray[np.int32]
    customers: pa.Array
    notes: tuple[str, ...]


def customer_keys(column: pa.ChunkedArray, header: str) -> CustomerKeys:
    """Read a column of customers: ``100037.0`` is ``100037``, and e-mail addresses have no case.

    Codes with zeros in front stay as they are.
    """
    codes, customers = keys(column, _same)
    _, spelled = keys(column)
    merged = len(spelled) - len(customers)
    notes = []
    if merged > 0:
        kept = set(customers.cast(pa.string()).to_pylist())
        example = next((each for each in spelled.cast(pa.string()).to_pylist() if each not in kept), "")
        such = f", such as {quoted(example)}" if example else ""
        spellings = counted(merged, "other spelling of a customer", "other spellings of customers")
        notes.append(f"{quoted(header)}: {spellings}{such}, merged with the usual one")
    return CustomerKeys(codes=codes, customers=customers, notes=tuple(notes))


def unusual_customers(found: CustomerKeys, lines: NDArray[np.bool_]) -> list[int]:
    """Positions of customers that can be guests or several people, by their names or numbers of lines.

    Args:
        found: the customers.
        lines: which lines ``[N]`` count.
    """
    names = found.customers.cast(pa.string()).to_pylist()
    guests = [position for position, name in enumerate(names) if is_guest(name)]
    totals = np.bincount(found.codes[lines & (found.codes >= 0)], minlength=len(names))
    order = np.argsort(-totals, kind="stable")
    if len(order) >= _ENOUGH:
        for last in reversed(range(_FLAGGED)):
            most, following = totals[order[last]], totals[order[last + 1]]
            if most >= _MANY_LINES and most >= _FAR * max(following, 1):
                guests += [int(position) for position in order[: last + 1] if position not in guests]
                break
    return guests


def is_guest(name: str) -> bool:
    """Whether an identifier is a word or number that shops use for nobody.

    >>> is_guest("Guest"), is_guest("0"), is_guest("-1"), is_guest("99999"), is_guest("100037")
    (True, True, True, True, False)
    """
    return plain(name) in _GUESTS or _NUMBERS_FOR_NOBODY.fullmatch(name) is not None


def told_unusual(
    found: CustomerKeys, positions: Sequence[int], counting: NDArray[np.bool_], header: str
) -> list[str]:
    """A sentence for each customer that can be several people."""
    every = max(int(counting.sum()), 1)
    out = []
    for position in positions:
        lines = int((found.codes[counting] == position).sum())
        name = quoted(str(found.customers[position].as_py()))
        if lines:
            out.append(
                f"{quoted(header)} {name} has {counted(lines, 'line')} ({lines / every:.1%}) "
                "and may not be one customer; it is kept"
            )
    return out


def positions_of(found: CustomerKeys, wanted: Sequence[str], header: str) -> NDArray[np.int64]:
    """The positions of customers that are given by their identifiers.

    Raises:
        InputError: for one that no line has.
    """
    names = found.customers.cast(pa.string())
    asked = _same(texts(pa.array([str(each) for each in wanted], pa.string())))
    positions = pc.index_in(asked, value_set=names)
    if positions.null_count:
        missing = [wanted[row] for row, position in enumerate(positions.to_pylist()) if position is None]
        raise InputError(
            f"customers to leave out must be in the column {quoted(header)}, but {quoted_names(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not; correct the list"
        )
    return np.asarray(positions.to_numpy(zero_copy_only=False), dtype=np.int64)


def _same(cells: pa.Array) -> pa.Array:
    """Identifiers in the one spelling used for all."""
    cells = without_decimals(cells)
    emails = pc.match_substring_regex(cells, _EMAIL).fill_null(False)
    if not pc.any(emails).as_py():
        return cells
    folded = pc.replace_substring_regex(pc.utf8_lower(cells), r"^mailto:", "")
    return pc.if_else(emails, folded, cells)
