"""Scores an uploaded file: the handler of the tab; files are deleted as soon as possible."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import gradio as gr
from gradio.utils import get_upload_folder

from inference import InputError, ScoreOptions, Segmenter
from inference.files.options import EXTENSIONS
from service.api.file_scoring import file_options
from service.api.http.request_log import log_quietly
from service.languages.number_format import by_count
from service.monitor.file_counting import score_and_count
from service.monitor.monitor import Monitor
from service.page.draw.decision_map import MapCache
from service.page.draw.markup import Markup, in_english
from service.page.handlers import Model
from service.page.scored.customer_sample import CustomerSample
from service.page.scored.customers_map import customers_map
from service.page.scored.preview import Preview, preview_of
from service.page.scored.segment_lists import segment_lists
from service.page.texts import score_texts
from service.page.views.page_advice import on_page
from service.page.views.score_view import details_view, refused_view, summary_view
from service.settings import Settings

KEPT = 900  # seconds a scored file can be downloaded
KINDS = (
    *(".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
    *(".arrow", ".arrows", ".feather", ".json", ".ndjson", ".jsonl"),
)
Update = dict[str, Any]
Shown = tuple[None, str, str, Update, Update, Update]


class Upload:
    """Scores files with one model.

    Attributes:
        largest: bytes of a file that is taken; more are refused while they arrive.
        most_rows: of such a file.
    """

    def __init__(self, model: Model, settings: Settings, monitor: Monitor | None = None) -> None:
        self._model, self._monitor = model, monitor
        self._maps = MapCache(model)
        self.largest, self.most_rows = settings.max_upload_mb * 10**6, settings.max_upload_rows

    def score(  # noqa: PLR0913, PLR0917 - Gradio hands one argument in for each field
        self,
        upload: str | None,
        output: str,
        separator: str,
        encoding: str,
        missing: Sequence[str],
        sheet: str = "",
        header_row: str = "",
        decimal: str = "",
        na: str = "",
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - how Gradio is told to hand one in
    ) -> Shown:
        """Score one file; the upload is deleted at once, whatever became of it. Never raises.

        Args:
            upload: where Gradio put the file.
            output: a format, such as ``"csv"``.
            separator, encoding: of a CSV file; empty to find out.
            missing: columns of the model that the file does not have.
            sheet, header_row: where the table is; empty to find out.
            decimal: lines such as ``Amount=comma``; na: further words for missing, one per line.
            progress: shown while it runs.

        Returns:
            Nothing for the field (so that the next file can be given), the cards, the download, and what
            makes lists of it.
        """
        source = own_upload(upload)
        if source is None:
            return _shown(refused_view(score_texts.SCORE_NO_FILE))
        try:
            options = ScoreOptions(
                output_format=output,
                separator=separator,
                encoding=encoding,
                missing=tuple(missing or ()),
                **file_options(
                    {
                        "sheet": [sheet or ""],
                        "header_row": [header_row or ""],
                        "decimal": (decimal or "").splitlines(),
                        "na": (na or "").splitlines(),
                    }
                ),
                max_bytes=self.largest,
                max_rows=self.most_rows,
            )
            return self._scored(source, options, progress)
        except InputError as error:
            return _shown(refused_view(in_english(on_page(error))))
        except Exception as error:  # the message may hold customers' values
            log_quietly(error)
            return _shown(refused_view(score_texts.SCORE_FAILED))
        finally:
            source.unlink(missing_ok=True)

    def _scored(self, source: Path, options: ScoreOptions, progress: gr.Progress) -> Shown:
        from inference.files.scoring import Watchers  # loads pyarrow

        def report(rows: int, read: int, total: int | None) -> None:
            progress(
                min(1.0, read / total) if total else None,
                desc=by_count(rows, score_texts.SCORE_PROGRESS),
            )

        folder = Path(get_upload_folder()) / secrets.token_hex(16)
        folder.mkdir(parents=True, mode=0o700)
        target = folder / f"{source.stem}-scored.{EXTENSIONS[options.output_format]}"
        drawn = self._maps.map_for({})
        sample = None if drawn is None else CustomerSample(drawn)
        try:
            scored = score_and_count(
                cast(Segmenter, self._model),
                source,
                target,
                options=options,
                monitor=self._monitor,
                watchers=Watchers(report, None if sample is None else sample.observe),
            )
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        seen = _first_rows(target, options.encoding)
        contract = self._model.contract
        placed = Markup("") if drawn is None or sample is None else customers_map(contract, drawn, sample)
        summary = summary_view(contract, scored, name=source.name)
        return _shown(summary, details_view(contract, scored, seen, placed), target)

    def lists(self, scored: str | None) -> tuple[Update, Update]:
        """Make a list per segment of a file that was scored here; never raises.

        Args:
            scored: where it is.

        Returns:
            Updates of the button and of the download.
        """
        path = own_upload(scored)
        if path is None:
            return gr.update(value=score_texts.SCORE_LISTS_GONE, interactive=False), gr.update(visible=False)
        try:
            made = segment_lists(path, [segment.name for segment in self._model.contract.segments])
        except Exception as error:  # the message may hold customers' values
            log_quietly(error)
            return gr.update(value=score_texts.SCORE_FAILED, interactive=False), gr.update(visible=False)
        return gr.update(visible=False), gr.update(value=str(made), visible=True)


def _first_rows(target: Path, encoding: str) -> Preview:
    try:
        return preview_of(target, encoding)
    except Exception as error:  # the result itself is sound and can be downloaded
        log_quietly(error)
        return Preview(header=[], rows=[], added=frozenset())


def own_upload(upload: str | None) -> Path | None:
    """The uploaded file, or ``None`` if it is not in the upload folder of Gradio; no other path is opened."""
    if not upload:
        return None
    path, folder = Path(upload).resolve(), Path(get_upload_folder()).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None


def _shown(summary: str, details: str = "", target: Path | None = None) -> Shown:
    """Updates, not new components: those would join a page that is being built meanwhile."""
    cards = None, str(summary), str(details)
    if target is None:
        return *cards, gr.update(visible=False), gr.update(visible=False), gr.update(visible=False)
    label = score_texts.SCORE_DOWNLOAD.format(name=target.name)
    return (
        *cards,
        gr.update(label=label, value=str(target), visible=True),
        gr.update(value=score_texts.SCORE_LISTS, visible=True, interactive=True),
        gr.update(visible=False),
    )
