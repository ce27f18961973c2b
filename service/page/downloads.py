"""The model's own files on the page: its model card to read, and the file to download."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path

import gradio as gr
from markdown_it import MarkdownIt

from inference import Segmenter
from service.gradio_api.offered_file import offered_file
from service.languages.number_format import grouped
from service.page.draw.markup import Markup, element
from service.page.texts import model_texts

CARD = "MODEL_CARD.md"  # the trainer writes it next to the model


@dataclass(frozen=True, kw_only=True)
class ModelFiles:
    """What the page offers of a model: it stays what it was when another file takes its place.

    Attributes:
        name: of the model file; content: its bytes.
        card: the model card in Markdown; empty where there is none.
    """

    name: str
    content: bytes
    card: str = ""

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the model file."""
        return sha256(self.content).hexdigest()

    @classmethod
    def of(cls, segmenter: Segmenter, path: Path) -> ModelFiles:
        """Those of a model, and the card next to the file it was loaded from."""
        card = path.with_name(CARD)
        text = card.read_text(encoding="utf-8", errors="replace") if card.is_file() else ""
        return cls(name=path.name, content=segmenter.content, card=text)


def files_section(files: ModelFiles) -> None:
    """A download of the model file, and its model card where there is one."""
    with gr.Column(elem_id="files", elem_classes="card"):
        title, note = (
            element("h2", model_texts.FILES_TITLE),
            element("p", model_texts.FILES_NOTE, class_="hint"),
        )
        gr.HTML(str(element("div", title, note, class_="form-head")), apply_default_css=False)
        size = model_texts.FILES_SIZE.format(count=grouped(len(files.content) / 2**10))
        offer = model_texts.FILES_DOWNLOAD.format(name=files.name, size=size)
        gr.DownloadButton(offer, value=offered_file(files.content, files.name), elem_id="model-download")
        if files.card:
            read = element("div", as_markup(files.card), class_="model-card", lang="en", dir="ltr")
            folded = element("details", element("summary", model_texts.FILES_CARD), read)
            gr.HTML(str(folded), apply_default_css=False)


def as_markup(card: str) -> Markup:
    """A model card as part of a page: see ``readable``; HTML in it is text, and its tables scroll."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table").render(readable(card))
    name = escape(model_texts.FILES_TABLE)
    region = f'<div class="scroll" role="region" aria-label="{name}" tabindex="0"><table>'
    made = made.replace("<table>", region).replace("</table>", "</table></div>")
    return Markup(made.replace("<pre>", '<pre tabindex="0">'))


def readable(card: str) -> str:
    r"""A model card without front matter and pictures, its headings one level down.

    Example:
        >>> readable("---\nlicense: mit\n---\n\n# Shoppers\n\n![Map](map.svg)\n\n## Data\n")
        '## Shoppers\n\n### Data'
    """
    text = re.sub(r"\A---\n.*?\n---\n", "", card, flags=re.DOTALL)
    text = re.sub(r"^!\[[^\]]*\]\([^)]*\)\s*?$\n?\n?", "", text, flags=re.MULTILINE)
    parts = re.split(r"(^```.*?^```)", text, flags=re.DOTALL | re.MULTILINE)  # a comment is no heading
    parts[::2] = [re.sub(r"^(#+ )", r"#\1", part, flags=re.MULTILINE) for part in parts[::2]]
    return "".join(parts).strip()
