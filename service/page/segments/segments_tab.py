"""Adds the tab Segments to the page that is being built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

import gradio as gr

from inference import Contract
from service.page.draw.markup import Markup, element
from service.page.segments.audience_card import audience_card
from service.page.segments.names.renaming import PageNames
from service.page.segments.planner import planner
from service.page.segments.segment_cards import segment_cards
from service.page.segments.segment_export import segments_csv
from service.page.segments.value_chart import value_chart
from service.page.texts import segments_texts as texts

MOST_COMPARED = 3
_PRINT = (
    "() => { document.querySelectorAll('#segments details').forEach(each => each.open = true); print(); }"
)


def segments_tab(
    contract: Contract, names: PageNames | None = None, movement: Callable[[gr.Tab], None] | None = None
) -> None:
    """The cards, what to choose of them, the chart, and what to take along.

    Args:
        contract: with the segments as the page names them.
        names: the owner's names, where segments may have some.
        movement: adds who came and left, where customers are remembered.
    """

    def shown(chosen: Sequence[int] = (), columns: Sequence[str] = ()) -> str:
        return str(segment_cards(contract, chosen, frozenset(columns), names))

    with gr.Tab(texts.TAB, id="segments") as tab, gr.Column(elem_id="segments"):
        gr.HTML(_lead(), apply_default_css=False)
        chosen, columns = _choices(contract)
        cards = gr.HTML(shown(), elem_id="segment-cards", apply_default_css=False)
        gr.HTML(str(value_chart(contract)), apply_default_css=False)
        if movement is not None:
            movement(tab)
        with gr.Row(elem_id="take-along"):
            gr.HTML(str(_download(contract, names)), apply_default_css=False)
            gr.Button(texts.PRINT, elem_id="print-segments", size="sm").click(
                None, None, None, js=_PRINT, api_visibility="private"
            )
        planner(contract)
        audience_card()
    gr.on(
        [chosen.input, columns.input],
        shown,
        [chosen, columns],
        cards,
        queue=False,
        show_progress="hidden",
        api_visibility="private",
        trigger_mode="always_last",
    )


def _choices(contract: Contract) -> tuple[gr.Dropdown, gr.Dropdown]:
    segments = [(segment.name, segment.id) for segment in contract.segments]
    columns = [(column.label, column.name) for column in contract.columns]
    with gr.Row(elem_id="segment-choices"):
        return (
            gr.Dropdown(
                segments, value=[], multiselect=True, max_choices=MOST_COMPARED, label=texts.COMPARE,
                info=texts.COMPARE_HINT,
            ),
            gr.Dropdown(columns, value=[], multiselect=True, label=texts.COLUMNS, info=texts.COLUMNS_HINT),
        )  # fmt: skip


def _lead() -> str:
    head = element("p", texts.LEAD, class_="lead")
    return str(element("div", head, element("p", texts.SPECIAL_NOTE, class_="hint")))


def _download(contract: Contract, names: PageNames | None) -> Markup:
    in_model = {} if names is None else {each.id: each.name for each in names.model.contract.segments}
    address = f"data:text/csv;charset=utf-8,{quote(segments_csv(contract, in_model))}"
    return element("a", texts.EXPORT, href=address, download=texts.EXPORT_NAME, class_="chip")
