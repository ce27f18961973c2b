"""The form that plans a test of an action, and its result for each segment."""

from __future__ import annotations

import gradio as gr

from inference import Contract, InputError
from service.api.experiment_size import Experiment, plan_test
from service.api.schemas import PlannedTest
from service.languages.number_format import grouped
from service.page.draw.markup import Markup, element, in_english
from service.page.draw.palette import segment_style
from service.page.texts import segments_texts as texts


def planner(contract: Contract) -> None:
    """Add the card; its result follows the fields."""

    def shown(*values: float | None) -> str:
        return str(result(contract, *values))

    customers = sum(segment.size for segment in contract.segments)
    fields = (
        (texts.PLAN_BASELINE, 10),
        (texts.PLAN_DIFFERENCE, 5),
        (texts.PLAN_ALPHA, 5),
        (texts.PLAN_POWER, 80),
        (texts.PLAN_CUSTOMERS, customers),
    )
    with gr.Column(elem_id="test-plan", elem_classes="card"):
        title, lead = element("h2", texts.PLAN), element("p", texts.PLAN_LEAD, class_="hint")
        gr.HTML(str(element("div", title, lead)), apply_default_css=False)
        with gr.Row():
            numbers = [gr.Number(value, label=named, min_width=150) for named, value in fields]
        plan = gr.HTML(shown(*(value for _, value in fields)), apply_default_css=False)
    gr.on(
        [each.input for each in numbers],
        shown,
        numbers,
        plan,
        queue=False,
        show_progress="hidden",
        api_visibility="private",
        trigger_mode="always_last",
    )


def result(contract: Contract, *values: float | None) -> Markup:
    """What a test needs, or what is wrong with the fields: percentages, and customers in the end."""
    given = [each for each in values if each is not None]
    if len(given) < len(values):
        return _problem(texts.PLAN_EMPTY)
    *percentages, customers = given
    baseline, difference, alpha, power = (each / 100 for each in percentages)
    try:
        test = Experiment(baseline=baseline, difference=difference, alpha=alpha, power=power)
        return _result(contract, plan_test(contract, test, int(customers)))
    except InputError as error:
        return _problem(in_english(str(error)))


def _result(contract: Contract, plan: PlannedTest) -> Markup:
    needs = texts.PLAN_NEEDS.format(needed=grouped(plan["needed"]), group=grouped(plan["per_group"]))
    rows = []
    for segment, each in zip(contract.segments, plan["segments"], strict=True):
        template = texts.PLAN_ENOUGH if each["large_enough"] else texts.PLAN_SMALL
        told = template.format(needed=grouped(plan["needed"]), customers=grouped(each["customers"]))
        swatch = element("span", class_="swatch", aria_hidden="true")
        rows.append(
            element(
                "li", swatch, " ", element("b", segment.name), ": ", told, style=segment_style(segment.id)
            )
        )
    note = element("p", texts.PLAN_NOTE, class_="hint")
    return element("div", element("p", needs, class_="lead"), element("ul", *rows), note, role="status")


def _problem(text: str) -> Markup:
    return element("p", text, class_="note warning", role="alert")
