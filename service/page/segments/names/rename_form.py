"""The parts of a card with which its segment is renamed, and what answers them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gradio as gr
from starlette.datastructures import Headers

from inference import Segment
from service.api.http.request_log import log_quietly
from service.page.draw.markup import Markup, element
from service.page.segments.names.name_rules import LONGEST
from service.page.segments.names.renaming import PageNames, Refusal
from service.page.texts import segments_texts as texts

_SCRIPT = Path(__file__).with_name("rename.js")
_SHEET = Path(__file__).with_name("rename.css")
LONGEST_SENT = 400  # characters of a name or a key that are looked at


def model_line(segment: Segment, names: PageNames) -> Markup:
    """What the model and the API call a segment that has another name on the page; else nothing."""
    own = names.in_model(segment.id)
    if not own:
        return Markup("")
    return element("p", texts.RENAME_MODEL.format(name=own), class_="hint in-model")


def rename_button(segment: Segment, names: PageNames | None) -> Markup:
    """What opens the form; nothing where nobody may rename."""
    if names is None or not names.renaming.possible:
        return Markup("")
    return _button(
        texts.RENAME, "open", aria_label=texts.RENAME_ONE.format(name=segment.name), aria_expanded="false",
        aria_controls=_form_id(segment),
    )  # fmt: skip


def rename_form(segment: Segment, names: PageNames) -> Markup:
    """What the button opens; nothing where nobody may rename."""
    if not names.renaming.possible:
        return Markup("")
    form_id = _form_id(segment)
    back = [_button(texts.RENAME_BACK, "back")] if names.in_model(segment.id) else []
    return element(
        "form",
        *_fields(segment, names, form_id),
        element("p", texts.RENAME_HINT, class_="hint"),
        element("p", class_="note warning", role="alert", hidden=True, id=f"{form_id}-problem"),
        element("div", _button(texts.RENAME_SAVE, "save"), _button(texts.RENAME_CANCEL, "cancel"), *back),
        id=form_id,
        class_="rename",
        method="dialog",  # without a script it would send nothing anywhere, also no key
        hidden=True,
        data_segment=segment.id,
        data_model=names.model.fingerprint,
    )


def _form_id(segment: Segment) -> str:
    return f"rename-{segment.id}"


def _fields(segment: Segment, names: PageNames, form_id: str) -> list[Markup]:
    told = {"aria_describedby": f"{form_id}-problem", "required": True}
    name = element(
        "input", type="text", name="name", value=segment.name, maxlength=LONGEST, autocomplete="off",
        dir="auto", **told,
    )  # fmt: skip
    fields = [element("label", texts.RENAME_NAME, name)]
    if names.renaming.asks_key:
        key = element("input", type="password", name="key", autocomplete="current-password", **told)
        fields.append(element("label", texts.RENAME_KEY, key))
    return fields


def _button(text: str, does: str, **more: object) -> Markup:
    kind = "submit" if does == "save" else "button"
    return element("button", text, type=kind, class_="chip", data_rename=does, **more)


def answer_forms(names: PageNames) -> None:
    """Add what carries the forms' values to the server, outside the tabs, so that it is always there."""

    def renamed(sent: Any, request: gr.Request) -> dict[str, Any]:
        try:
            refused = _rename(names, sent if isinstance(sent, dict) else {}, _headers(request))
        except Exception as error:  # a fault of ours must not leave the form without an answer
            log_quietly(error)
            refused = Refusal.FAILED
        return {"refused": "" if refused is None else _sentence(refused)}

    carrier = gr.HTML(
        {},
        html_template="${markup}",
        markup=str(element("style", Markup(_SHEET.read_text(encoding="utf-8")))),
        js_on_load=_SCRIPT.read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id="rename-carrier",
    )
    carrier.input(
        renamed, carrier, carrier, queue=False, show_progress="hidden", api_visibility="private",
        trigger_mode="once",
    )  # fmt: skip


def _headers(request: gr.Request) -> Headers:
    return Headers(dict(request.headers.items()))


def _rename(names: PageNames, sent: dict[str, Any], headers: Headers) -> Refusal | None:
    if not is_own_page(headers):
        return Refusal.ELSEWHERE
    contract = names.model.contract
    segments = [each for each in contract.segments if each.id == sent.get("segment")]
    if sent.get("model") != names.model.fingerprint or not segments:
        return Refusal.OUTDATED
    name, key = (str(sent.get(each, ""))[:LONGEST_SENT] for each in ("name", "key"))
    return names.renaming.rename(contract, segments[0], name, key=key)


def is_own_page(headers: Headers) -> bool:
    """Whether a request comes from a page of this host; programs send no such headers, and need none.

    Another site must not use the browser of somebody who may reach this one.

    Example:
        >>> is_own_page(Headers({"sec-fetch-site": "cross-site"})), is_own_page(Headers({}))
        (False, True)
    """
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] == "same-origin"
    origin = headers.get("origin")
    hosts = (headers.get("x-forwarded-host", ""), headers.get("host", ""))
    return origin is None or urlsplit(origin).netloc.lower() in {each.lower() for each in hosts if each}


def _sentence(refused: Refusal) -> str:
    sentences = {
        Refusal.KEY: texts.RENAME_NO_KEY,
        Refusal.RULE: texts.RENAME_RULE.format(longest=LONGEST),
        Refusal.TAKEN: texts.RENAME_TAKEN,
        Refusal.OUTDATED: texts.RENAME_OUTDATED,
        Refusal.ELSEWHERE: texts.RENAME_ELSEWHERE,
        Refusal.FAILED: texts.RENAME_FAILED,
    }
    return sentences[refused]
