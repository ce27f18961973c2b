"""The first screen: what the server sends of the page, to see and to use until Gradio has loaded.

It is made of the page's own parts and asks the page's own handlers. A shadow root keeps it and Gradio's page
apart, so that neither's styles, ids nor radio buttons reach the other while both are there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import gradio as gr

from inference import Contract
from service.customer_values import Customer
from service.languages.language import current
from service.page.draw.markup import Markup, element
from service.page.form import form, form_script
from service.page.texts import frame_texts
from service.page.theme import first_sheet

_ATTRIBUTE = "first_screen"  # of a page, which has no other place for it
_HERE = Path(__file__).parent
_COMMENT = re.compile(r"/\*.*?\*/|(?:^|(?<=\s))//\s[^\n]*", re.DOTALL | re.MULTILINE)
_SPACED = re.compile(r"\s*([{};,])\s*")  # in a style sheet, spaces around these mean nothing
_DARK = """\
<script>{
  const asked = new URLSearchParams(location.search).get("__theme");
  const dark = asked === "dark" || (asked !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.body.classList.toggle("dark", dark); // as Gradio will
}</script>"""


@dataclass(frozen=True, kw_only=True)
class FirstTab:
    """What the first tab shows, and how its handlers are asked without Gradio's scripts.

    Attributes:
        customer: in the form.
        headline, summary: of the answer, finished markup.
        tabs: id -> name, of all tabs.
        shown: Gradio's number of the event that shows a customer.
        opened: that of the event that shows the customer of a link.
        before, after: what the first event is sent before and after the customer.
    """

    customer: Customer
    headline: str
    summary: str
    tabs: Mapping[str, str]
    shown: int
    opened: int
    before: Sequence[object]
    after: Sequence[object]


def first_screen(contract: Contract, tab: FirstTab, *, heading: Markup, panel: Markup) -> Markup:
    """The markup of the first screen, with its style sheet and its script.

    Args:
        contract: describes the model.
        tab: the first one.
        heading: of the page.
        panel: the text about the project.
    """
    main = element("main", heading, _links(tab.tabs), _bench(contract, tab))
    asks = {name: getattr(tab, name) for name in ("customer", "shown", "opened", "before", "after")}
    whole = element("div", main, _panel(panel), class_="wrap", data_asks=json.dumps(asks))
    page = element("div", whole, class_="gradio-container", dir=current().direction)
    template = element("template", _style(), page, shadowrootmode="open")
    return Markup(f"{_DARK}{element('div', template, id='first-screen')}{_script()}")


def keep_first_screen(page: gr.Blocks, screen: Markup) -> None:
    """Keep the first screen of a page with it."""
    setattr(page, _ATTRIBUTE, screen)


def first_screen_of(page: gr.Blocks) -> Markup:
    """The first screen of a page; empty where it has none."""
    screen: Markup = getattr(page, _ATTRIBUTE, Markup(""))
    return screen


def _bench(contract: Contract, tab: FirstTab) -> Markup:
    """The form and the answer."""
    return element(
        "div",
        element("div", form(contract, tab.customer), id="form"),
        element("div", Markup(tab.headline), id="headline"),
        element(
            "div",
            element("div", Markup(tab.summary), id="short"),
            element("a", frame_texts.SEE_MORE, id="see-more", href="#prediction"),
            id="summary",
        ),
        id="bench",
    )


def _links(tabs: Mapping[str, str]) -> Markup:
    """Links in place of the tabs: the one that is chosen opens once it is there."""
    links = [
        element("a", name, href=f"#{id}", aria_current="true" if index == 0 else None)
        for index, (id, name) in enumerate(tabs.items())
    ]
    return element("nav", *links, class_="tabs")


def _panel(panel: Markup) -> Markup:
    """The panel, which is open on a wide page; its button is Gradio's and comes with it."""
    button = element("div", element("i"), class_="toggle-button", aria_hidden="true")
    return element("aside", element("div", panel, class_="content"), button, class_="sidebar open")


@cache
def _style() -> Markup:
    own = (_HERE / "first_screen.css").read_text(encoding="utf-8")
    sheet = _SPACED.sub(r"\1", _short(f"{own}{first_sheet()}"))
    return Markup(f"<style>{sheet}</style>")


@cache
def _script() -> Markup:
    """The form's own script as a function, and what stands in for Gradio around it."""
    own = (_HERE / "first_screen.js").read_text(encoding="utf-8")
    use = f"const useForm = (element, props, trigger, watch) => {{\n{form_script()}"
    script = _short(f"{use}\nreturn {{ paint, follow }};\n}};\n{own}")
    return Markup(f"<script>(() => {{\n{script}}})();</script>")


def _short(code: str) -> str:
    """Our own styles or script without comments and indents."""
    lines = (line.strip() for line in _COMMENT.sub("", code).splitlines())
    return "\n".join(line for line in lines if line) + "\n"
