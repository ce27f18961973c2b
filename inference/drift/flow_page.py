"""A page about flows between segments, with nothing to load."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from inference.drift.movement import Movement

CAPTION = "Pale: customers who stayed. Strong: more went this way than chance explains. The rest: noise."
_STYLES = """\
:root{color-scheme:light dark}
body{margin:0;font:16px/1.55 system-ui,sans-serif;background:Canvas;color:CanvasText}
main{max-width:62rem;margin:0 auto;padding:24px 16px}
h1{font-size:1.6rem;line-height:1.2}
figure{margin:24px 0}
figcaption{font-size:.9rem;opacity:.8}
.wide{overflow-x:auto}
.wide .flows{min-width:640px}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:6px 10px;text-align:right;border-bottom:1px solid #8885}
th{font-weight:600}
tbody th{text-align:left}
.own{opacity:.6}
"""


def flow_page(title: str, sentences: Sequence[str], picture: str, movement: Movement) -> str:
    """The picture, what it says, and the table of flows, as one HTML document.

    Args:
        picture: as SVG, which is put in as it is; all other texts are escaped.
    """
    points = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLES}</style></head><body><main>"
        f'<h1>{escape(title)}</h1><ul>{points}</ul><figure><div class="wide" tabindex="0">{picture}</div>'
        f"<figcaption>{CAPTION}</figcaption></figure><h2>Customers by segment</h2>"
        '<p>Rows: the segment before; columns: the segment after.</p><div class="wide" tabindex="0">'
        f"{_table(movement)}</div></main></body></html>\n"
    )


def _table(movement: Movement) -> str:
    names = movement.segments
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in (*names, "gone"))
    rows = [
        _row(name, [*movement.flows[index].tolist(), int(movement.gone[index])], own=index)
        for index, name in enumerate(names)
    ]
    rows.append(_row("new", movement.arrived.tolist()))
    return f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _row(name: str, counts: Sequence[int], own: int | None = None) -> str:
    cells = (
        f'<td class="own">{count:,}</td>' if index == own else f"<td>{count:,}</td>"
        for index, count in enumerate(counts)
    )
    return f'<tr><th scope="row">{escape(name)}</th>{"".join(cells)}</tr>'
