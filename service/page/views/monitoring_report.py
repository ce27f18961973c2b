"""The monitoring report as one HTML file with nothing to load."""

from __future__ import annotations

from pathlib import Path

from inference import Contract
from service.monitor.windows import Look
from service.page.draw.markup import Markup, element
from service.page.draw.palette import segment_variables
from service.page.texts import monitoring_texts
from service.page.views.look_cards import describe_window, finding_card, look_cards
from service.page.views.monitoring_view import how_points

_SHEETS = [Path(__file__).parents[1] / f"{name}.css" for name in ("colours", "page", "tabs")]
_SHORT = 12  # digits of a fingerprint
_DARK = "if (matchMedia('(prefers-color-scheme: dark)').matches) document.documentElement.className = 'dark';"
_FRAME = """\
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
.gradio-container { max-width: 62rem; margin: 0 auto; padding: 24px 16px; }
"""


def monitoring_report(contract: Contract, fingerprint: str, look: Look) -> str:
    """A whole page about one look, light or dark as its reader likes.

    Args:
        contract: of the model; fingerprint: of its file.
        look: what was found.
    """
    title = monitoring_texts.MONITORING_REPORT_TITLE
    model = monitoring_texts.MONITORING_REPORT_MODEL.format(
        name=contract.title or contract.name, version=fingerprint[:_SHORT]
    )
    hero = element(
        "header",
        element("h1", title),
        element("p", model, class_="lead"),
        element("p", describe_window(look), class_="hint"),
        class_="hero",
    )
    how = element(
        "section",
        element("h2", monitoring_texts.MONITORING_HOW),
        element("ul", *(element("li", point) for point in how_points()), class_="points"),
        class_="card",
    )
    cards = element("div", finding_card(look), *look_cards(look), how, class_="stack monitoring")
    # Styles and script are not text of an element: they are not escaped, and hold nothing of a customer's.
    style = Markup(f"<style>{segment_variables()}\n{_sheet()}\n{_FRAME}</style><script>{_DARK}</script>")
    head = element(
        "head",
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", f"{title}: {contract.title or contract.name}"),
        style,
    )
    body = element("body", element("main", hero, cards, class_="gradio-container"))
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _sheet() -> str:
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in _SHEETS)
