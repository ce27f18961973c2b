"""What other clustering columns give: a folded table, with the option of the trainer that takes each set."""

from __future__ import annotations

from collections.abc import Sequence

from inference.contract import OtherColumns
from service.languages.number_format import decimals
from service.page.draw.markup import Markup, element
from service.page.texts import answer_texts, model_texts
from service.page.views.tables import table


def other_columns(sets: Sequence[OtherColumns]) -> Markup:
    """What other clustering columns give, the chosen ones shaded; nothing where they were not tried."""
    if not sets:
        return Markup("")
    head = [
        model_texts.COL_COLUMNS,
        model_texts.COL_K,
        model_texts.COL_KIND,
        model_texts.COL_EXCESS,
        model_texts.COL_ARI,
        model_texts.COL_OPTION,
    ]
    rows = [
        [
            each.title,
            str(each.k),
            answer_texts.KINDS.get(each.kind, each.kind),
            decimals(each.excess, 3, signed=True),
            decimals(each.ari, 3),
            element("code", each.option, class_="name") if each.option else model_texts.NONE,
        ]
        for each in sets
    ]
    below = [_columns_and_segments(each) for each in sets]
    note = element("p", model_texts.OTHER_COLUMNS_NOTE, class_="hint")
    shown = table(model_texts.OTHER_COLUMNS, head, rows, marked=frozenset({0}), below=below)
    return element("details", element("summary", model_texts.OTHER_COLUMNS), shown, note)


def _columns_and_segments(tried: OtherColumns) -> Markup:
    """The columns of a set, and below them the names of its segments where they are known."""
    lines = [model_texts.OTHER_COLUMNS_ARE.format(columns=", ".join(tried.labels or tried.clustering))]
    if tried.names:
        lines.append(model_texts.OTHER_SEGMENTS_ARE.format(names="; ".join(tried.names)))
    return element("div", *(element("div", element("span", line)) for line in lines))
