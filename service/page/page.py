"""Puts the page together: the panel, the tabs, the form and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import gradio as gr

from inference import Contract
from service.customer_values import linked_customer, typical_customer
from service.languages.language import current
from service.monitor.monitor import Monitor
from service.page.downloads import ModelFiles, files_section
from service.page.draw.decision_map import clustering_numbers, leading_columns
from service.page.draw.markup import element
from service.page.first_screen import FirstTab, first_screen, keep_first_screen
from service.page.form import customer_form
from service.page.handlers import Model, PageHandlers
from service.page.monitoring_tab import monitoring_tab
from service.page.scored.upload import KEPT, KINDS, Upload
from service.page.segments.names.rename_form import answer_forms
from service.page.segments.names.renaming import PageNames
from service.page.segments.segments_tab import segments_tab
from service.page.texts import decision_map_texts, frame_texts, score_texts
from service.page.views.about_panel import about, hero
from service.page.views.cards import CARDS, Card
from service.page.views.model_info import model_info
from service.page.views.score_view import before
from service.settings import Settings

LONGEST_OPTION = 4_000  # characters of a reading option
SWEEP = 60  # seconds between two looks for files that are too old
WIDE = 1100  # pixels; the panel is open from here on and would cover a narrower page
_OPEN_WHEN_WIDE = f"() => ({{__type__: 'update', open: window.innerWidth >= {WIDE}}})"
Part = Callable[[gr.HTML], None]
_AT_ONCE: dict[str, Any] = {  # for the page's own events: no queue, no spinner, not in the API
    "queue": False,
    "show_progress": "hidden",
    "api_visibility": "private",
}


@dataclass(frozen=True, kw_only=True)
class Extras:
    """What a page may have besides.

    Attributes:
        monitor: with the counts of answers, for the Monitoring tab.
        below_prediction: adds what is below the answer, given the form.
        movement: adds to the tab Segments who came and left, given the tab.
        names: the owner's names for segments; the page is then about ``names.shown``.
        tabs: each adds a tab, given the form.
        in_languages: whether the page is there in every language; the panel then has a link to each.
        own_data: whether one of the tabs finds segments in a table of one's own.
    """

    monitor: Monitor | None = None
    below_prediction: Part | None = None
    movement: Callable[[gr.Tab], None] | None = None
    names: PageNames | None = None
    tabs: Sequence[Part] = ()
    in_languages: bool = False
    own_data: bool = False


def build_page(
    model: Model,
    settings: Settings | None = None,
    *,
    files: ModelFiles | None = None,
    cards: Sequence[Card] = CARDS,
    monitor: Monitor | None = None,
    extras: Extras | None = None,
) -> gr.Blocks:
    """The page about one model, not yet served.

    Args:
        model: what answers.
        settings: the limits of files that are scored; the default ones.
        files: of the model, to offer them for download.
        cards: of the Prediction tab.
        monitor: with the counts of answers, for the Monitoring tab; without one there is no such tab.
        extras: further parts.
    """
    contract = model.contract
    settings, extras = settings or Settings(), replace(extras or Extras(), monitor=monitor)
    page = gr.Blocks(title=frame_texts.PAGE_TITLE, analytics_enabled=False, delete_cache=(SWEEP, KEPT))
    with page:
        side: Literal["left", "right"] = "right" if current().direction == "rtl" else "left"
        with gr.Sidebar(
            open=False, width=300, label=frame_texts.ABOUT_TITLE, position=side, elem_id="about"
        ) as panel:
            project = about(
                contract, remembers=bool(extras.below_prediction), in_languages=extras.in_languages
            )
            _html(project)
        page.load(None, None, panel, js=_OPEN_WHEN_WIDE, api_visibility="private")
        heading = hero(contract, own_data=extras.own_data)
        _html(heading)
        shown = _tabs(page, model, settings, PageHandlers(model, cards), files=files, extras=extras)
    keep_first_screen(page, first_screen(contract, shown, heading=heading, panel=project))
    return page


def _tabs(
    page: gr.Blocks,
    model: Model,
    settings: Settings,
    handlers: PageHandlers,
    *,
    files: ModelFiles | None,
    extras: Extras,
) -> FirstTab:
    """The tabs; whatever a person changes in the form shows in the first two at once."""
    contract = model.contract
    customer = typical_customer(contract, contract.segments[0])
    headline, summary, *areas = handlers.show(customer)
    with gr.Tabs(overflow_behavior="wrap", elem_id="tabs") as tabs:
        with gr.Tab(frame_texts.TAB_INPUT, id="input"), gr.Row(elem_id="bench"):
            form = customer_form(contract, customer)
            line = _html(headline, elem_id="headline")
            with gr.Column(elem_id="summary"):
                short = _html(summary)
                more = gr.Button(frame_texts.SEE_MORE, elem_id="see-more")
        with gr.Tab(frame_texts.TAB_PREDICTION, id="prediction"):
            with gr.Row(elem_id="answer"):
                answer = _html(areas[0])
                with gr.Column(elem_id="place"):
                    axes = _axes(contract)
                    place, ranked = _html(areas[1]), _html(areas[2])
                compared = _html(areas[3], elem_id="compared")
            if extras.below_prediction is not None:
                extras.below_prediction(form)
        segments_tab(contract, extras.names, extras.movement)
        with gr.Tab(frame_texts.TAB_MODEL, id="model"):
            _html(model_info(contract, model.fingerprint, settings.commit, sealed=model.sealed))
            if files is not None:
                files_section(files)
        with gr.Tab(frame_texts.TAB_SCORE, id="score"):
            _score_tab(model, settings, extras.monitor)
        for add in extras.tabs:
            add(form)
        if extras.monitor is not None:
            monitoring_tab(model if extras.names is None else extras.names.model, extras.monitor)
    if extras.names is not None:
        answer_forms(extras.names)
    shown = [line, short, answer, place, ranked, compared]
    changes = [form.input, *(axis.input for axis in axes)]
    built_for = gr.Textbox(model.fingerprint, visible=False)
    sent = [built_for, form, *axes]
    change = gr.on(changes, handlers.show_on, sent, shown, trigger_mode="always_last", **_AT_ONCE)
    opened = page.load(_opened(contract, handlers), None, [form, *shown], **_AT_ONCE)
    more.click(_to_prediction, None, tabs, **_AT_ONCE)
    return FirstTab(
        customer=customer,
        headline=headline,
        summary=summary,
        tabs={
            str(tab.id): str(tab.label) for tab in tabs.children if isinstance(tab, gr.Tab) and tab.visible
        },
        shown=int(change["id"]),
        opened=int(opened["id"]),
        before=[built_for.value],
        after=[axis.value for axis in axes],
    )


def _opened(contract: Contract, handlers: PageHandlers) -> Callable[[gr.Request], Any]:
    """The handler that shows the customer of a link, where the page is opened by one."""

    def opened(request: gr.Request) -> Any:
        customer = linked_customer(contract, dict(request.query_params))
        return gr.skip() if customer is None else (customer, *handlers.show(customer))

    return opened


def _axes(contract: Contract) -> list[gr.Dropdown]:
    """Choices of the map's axes, where more than two clustering columns can be one."""
    numbers, leading = clustering_numbers(contract), leading_columns(contract)
    if len(numbers) <= len(leading):
        return []
    choices = [(column.label, column.name) for column in numbers]
    with gr.Row(elem_id="axes"):
        return [
            gr.Dropdown(choices, value=column.name, label=named, filterable=False, min_width=120)
            for column, named in zip(
                leading, (decision_map_texts.MAP_ACROSS, decision_map_texts.MAP_UPWARD), strict=True
            )
        ]


def _score_tab(model: Model, settings: Settings, monitor: Monitor | None) -> None:
    """A field for a file and what became of it; scoring waits its turn in the queue."""
    contract, upload = model.contract, Upload(model, settings, monitor)
    title, lead = element("h2", score_texts.SCORE_TITLE), element("p", score_texts.SCORE_LEAD, class_="hint")
    head = element("div", title, lead, class_="form-head")
    with gr.Row(elem_id="score"):
        with gr.Column(elem_id="score-file", elem_classes=["card", "upload-card"]):
            _html(head)
            file = gr.File(label=score_texts.SCORE_FILE, file_types=list(KINDS), height=190)
            output = gr.Radio(list(score_texts.SCORE_OUTPUTS), value="csv", label=score_texts.SCORE_OUTPUT)
            with gr.Accordion(score_texts.SCORE_OPTIONS, open=False):
                options = [
                    gr.Dropdown(
                        [(score_texts.SCORE_FOUND_OUT, ""), *choices], value="", label=named, filterable=False
                    )
                    for named, choices in (
                        (score_texts.SCORE_SEPARATOR, score_texts.SCORE_SEPARATORS),
                        (score_texts.SCORE_ENCODING, score_texts.SCORE_ENCODINGS),
                    )
                ]
                able = [(each.label, each.name) for each in contract.columns if each.missing_allowed]
                missing = gr.CheckboxGroup(able, label=score_texts.SCORE_MISSING)
                more = [
                    gr.Textbox("", label=named, placeholder=hint, lines=lines, max_length=LONGEST_OPTION)
                    for named, hint, lines in (
                        (score_texts.SCORE_SHEET, score_texts.SCORE_FOUND_OUT, 1),
                        (score_texts.SCORE_HEADER_ROW, score_texts.SCORE_FOUND_OUT, 1),
                        (score_texts.SCORE_DECIMAL, score_texts.SCORE_DECIMAL_HINT, 2),
                        (score_texts.SCORE_NA, score_texts.SCORE_NA_HINT, 2),
                    )
                ]
        with gr.Column(elem_id="score-result"):
            download = gr.DownloadButton(visible=False, elem_id="download")
            lists = gr.Button(score_texts.SCORE_LISTS, visible=False, elem_id="make-lists")
            archive = gr.DownloadButton(
                score_texts.SCORE_LISTS_DOWNLOAD, visible=False, elem_id="download-lists"
            )
            summary = _html(before(contract, largest=upload.largest, most_rows=upload.most_rows))
    details = _html("", elem_id="score-details")
    file.upload(
        upload.score,
        [file, output, *options, missing, *more],
        [file, summary, details, download, lists, archive],
        show_progress_on=summary,
        concurrency_limit=1,
        concurrency_id="page_score",  # of one place for every model that was served
        api_visibility="private",
    )
    lists.click(
        upload.lists,
        download,
        [lists, archive],
        concurrency_limit=1,
        concurrency_id="page_lists",
        api_visibility="private",
    )


def _to_prediction() -> dict[str, Any]:
    return gr.update(selected="prediction")  # a new component would join a page that is being built


def _html(value: str, *, elem_id: str | None = None) -> gr.HTML:
    return gr.HTML(str(value), elem_id=elem_id, apply_default_css=False)
