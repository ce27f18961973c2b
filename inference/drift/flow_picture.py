"""A picture of flows between segments: bars of two dates, and bands between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from inference.drift.movement import Judgement, Movement

WIDTH, BAR, TOP, GAP = 900, 16, 44, 12
LEFT, RIGHT = 250, 650  # inner edges of the two bars
HEIGHT = 420  # of all customers
THINNEST = 0.75
COLOURS = (
    ("#0f8674", "#66e6c4"), ("#2244b4", "#6484ea"), ("#c67d0a", "#f0a132"), ("#8c0f4e", "#dc4674"),
    ("#7a8aa2", "#a3adc2"), ("#a15acf", "#9358ac"), ("#b84412", "#de7949"), ("#40a35c", "#e1f169"),
    ("#246d85", "#9deff3"), ("#44360d", "#c8ac87"),
)  # fmt: skip
"""Of segments on light and on dark ground, those of the page."""
STAY, FLOW, BEYOND = "stay", "flow", "beyond"


@dataclass(frozen=True, kw_only=True)
class _Side:
    """The bars of one date: who has which segment, and where each bar begins."""

    sizes: tuple[int, ...]
    tops: dict[int, float]
    scale: float

    @classmethod
    def of(cls, sizes: tuple[int, ...], shown: Sequence[int], scale: float) -> _Side:
        tops, y = {}, float(TOP)
        for each in shown:
            tops[each] = y
            y += sizes[each] * scale + GAP
        return cls(sizes=sizes, tops=tops, scale=scale)


def flow_picture(movement: Movement, judgement: Judgement, *, dates: Sequence[str]) -> str:
    """The flows as SVG with its own styles, for light and dark pages.

    A band is as wide as its share of the customers. Who stayed is pale; a flow that chance does not explain
    is strong. Each band says its figures when the pointer rests on it.

    Args:
        dates: what the two sides are called.
    """
    flows = movement.flows
    before, after = (tuple(flows.sum(axis=axis).tolist()) for axis in (1, 0))
    shown = [each for each in range(len(movement.segments)) if before[each] + after[each]]
    scale = HEIGHT / max(movement.customers, 1)
    sides = [_Side.of(sizes, shown, scale) for sizes in (before, after)]
    height = TOP + HEIGHT + GAP * max(len(shown) - 1, 0) + 16
    parts = [
        f'<text class="date" x="{LEFT}" y="24" text-anchor="end">{escape(dates[0])}</text>',
        f'<text class="date" x="{RIGHT}" y="24">{escape(dates[1])}</text>',
        *_bands(movement, judgement, sides, shown),
        *(part for side, own in enumerate(sides) for part in _bars(movement, own, side)),
    ]
    label = (
        f"Flows between segments from {dates[0]} to {dates[1]}: {movement.moved:,} of {movement.customers:,} "
        "customers moved"
    )
    return (
        f'<svg class="flows" viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(label)}" '
        f'xmlns="http://www.w3.org/2000/svg"><style>{_styles()}</style>{"".join(parts)}</svg>'
    )


def _bands(
    movement: Movement, judgement: Judgement, sides: Sequence[_Side], shown: Sequence[int]
) -> Iterator[str]:
    strong = {(each.source, each.target) for each in judgement.flows}
    grown = {each.segment: each.entered > each.left for each in judgement.shifts}
    starts, ends = dict(sides[0].tops), dict(sides[1].tops)
    for source, target in ((a, b) for a in shown for b in shown if movement.flows[a, b]):
        count, back = int(movement.flows[source, target]), int(movement.flows[target, source])
        wide = count * sides[0].scale
        path = _band(starts[source], ends[target], max(wide, THINNEST))
        starts[source] += wide
        ends[target] += wide
        names = movement.segments[source], movement.segments[target]
        beyond = (source, target) in strong or grown.get(target) is True or grown.get(source) is False
        kind = STAY if source == target else BEYOND if beyond else FLOW
        text = (
            f"{names[0]}: {count:,} stayed"
            if kind == STAY
            else f"{' to '.join(names)}: {count:,}, back {back:,}"
        )
        yield (
            f'<path class="{kind}" style="{_colour(source)}" d="{path}"><title>{escape(text)}</title></path>'
        )


def _band(start: float, end: float, wide: float) -> str:
    left, middle, right = LEFT + BAR, (LEFT + RIGHT) / 2, RIGHT - BAR
    return (
        f"M{left} {start:.1f}C{middle} {start:.1f} {middle} {end:.1f} {right} {end:.1f}"
        f"V{end + wide:.1f}C{middle} {end + wide:.1f} {middle} {start + wide:.1f} {left} {start + wide:.1f}Z"
    )


def _bars(movement: Movement, own: _Side, side: int) -> Iterator[str]:
    left, text, anchor = ((LEFT, LEFT - 8, "end"), (RIGHT - BAR, RIGHT + 8, "start"))[side]
    for each, top in own.tops.items():
        size = own.sizes[each]
        if not size:
            continue
        tall = max(size * own.scale, THINNEST)
        yield (
            f'<rect style="{_colour(each)}" x="{left}" y="{top:.1f}" width="{BAR}" height="{tall:.1f}"/>'
            f'<text x="{text}" y="{top + tall / 2 + 4:.1f}" text-anchor="{anchor}">'
            f"{escape(movement.segments[each])} <tspan>{size / movement.customers:.0%}</tspan></text>"
        )


def _colour(segment: int) -> str:
    return f"--c:var(--flow-{segment % len(COLOURS)})"


def _styles() -> str:
    light, dark = (
        "".join(f"--flow-{index}:{pair[mode]};" for index, pair in enumerate(COLOURS)) for mode in (0, 1)
    )
    return (
        f".flows{{{light}font:14px/1.3 system-ui,sans-serif;width:100%;height:auto}}"
        f"@media(prefers-color-scheme:dark){{.flows{{{dark}}}}}.dark .flows{{{dark}}}"
        ".flows text{fill:currentColor}.flows tspan{opacity:.7}.flows .date{font-weight:600}"
        f".flows rect{{fill:var(--c)}}.flows path{{fill:var(--c);stroke:none}}.flows .{STAY}{{opacity:.14}}"
        f".flows .{FLOW}{{opacity:.4}}.flows .{BEYOND}{{opacity:.9}}.flows path:hover{{opacity:1}}"
    )
