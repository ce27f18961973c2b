"""The card that makes lists for ad platforms of a scored file; the file is deleted as soon as it is read."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from inference import InputError
from service.api.http.request_log import log_quietly
from service.languages.number_format import by_count, grouped
from service.page.draw.markup import Markup, element, in_english
from service.page.scored.upload import own_upload
from service.page.segments.audiences import LEAST, Audiences, audiences
from service.page.texts import segments_texts as texts

Shown = tuple[None, str, dict[str, Any]]


def audience_card() -> None:
    """Add the card to the tab."""
    with gr.Column(elem_id="audiences", elem_classes=["card", "upload-card"]):
        title = element("h2", texts.AUDIENCES)
        lead = element("p", texts.AUDIENCES_LEAD.format(least=LEAST), class_="hint")
        gr.HTML(str(element("div", title, lead)), apply_default_css=False)
        country = gr.Textbox("", label=texts.AUDIENCES_COUNTRY, placeholder="49", max_length=4)
        file = gr.File(label=texts.AUDIENCES_FILE, file_types=[".csv"], height=190)
        result = gr.HTML("", apply_default_css=False)
        download = gr.DownloadButton(visible=False, elem_id="download-audiences")
    file.upload(
        make_lists,
        [file, country],
        [file, result, download],
        show_progress_on=result,
        concurrency_limit=1,
        concurrency_id="page_audiences",
        api_visibility="private",
    )


def make_lists(upload: str | None, country: str) -> Shown:
    """The lists of an uploaded file, or what is wrong with it. Never raises, and keeps no contact.

    Args:
        upload: where Gradio put the file; it is deleted, whatever becomes of it.
        country: the calling code of numbers without one.
    """
    source = own_upload(upload)
    if source is None:
        return _shown(_problem(texts.AUDIENCES_NO_FILE))
    try:
        made = audiences(_text(source.read_bytes()), country=country.strip())
    except InputError as error:
        return _shown(_problem(in_english(str(error))))
    except Exception as error:  # the message may hold customers' contacts
        log_quietly(error)
        return _shown(_problem(texts.AUDIENCES_FAILED))
    finally:
        source.unlink(missing_ok=True)
    return _shown(summary(made), _saved(made.archive) if made.archive else None)


def summary(made: Audiences) -> Markup:
    """How many contacts each list has, and which rows are in none."""
    entries = []
    for name, count in sorted(made.contacts.items()):
        told = texts.AUDIENCES_SMALL.format(least=LEAST) if name in made.small else texts.AUDIENCES_MADE
        contacts = by_count(count, texts.AUDIENCES_CONTACTS)
        entries.append(element("li", element("b", name), f": {contacts}, {told}"))
    left_out = texts.AUDIENCES_LEFT_OUT.format(refused=grouped(made.refused), unusable=grouped(made.unusable))
    return element("div", element("ul", *entries, class_="points"), element("p", left_out), role="status")


def _text(content: bytes) -> str:
    """UTF-8, or Windows-1252 where it is not."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _saved(archive: bytes) -> Path:
    """The hashes where they can be downloaded, until Gradio deletes old files."""
    folder = Path(get_upload_folder()) / secrets.token_hex(16)
    folder.mkdir(parents=True, mode=0o700)
    target = folder / texts.AUDIENCES_NAME
    target.write_bytes(archive)
    return target


def _problem(text: str) -> Markup:
    return element("p", text, class_="note warning", role="alert")


def _shown(card: Markup, target: Path | None = None) -> Shown:
    if target is None:
        return None, str(card), gr.update(visible=False)
    return None, str(card), gr.update(label=texts.AUDIENCES_DOWNLOAD, value=str(target), visible=True)
