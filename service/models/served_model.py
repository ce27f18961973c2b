"""Everything that answers about one model, made together and replaced together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from starlette.types import ASGIApp

from inference import Segmenter
from service.api.api_predictions import Predictor
from service.api.http.rate_limit import Limit
from service.api.http.upload_shares import UploadShares
from service.api.operations import Operation
from service.gradio_api.endpoints import add_endpoints
from service.gradio_api.quiet_faults import log_no_values
from service.mcp.mcp_tools import McpTools
from service.monitor.monitor import Monitor
from service.page.downloads import ModelFiles
from service.page.page import Extras, build_page
from service.page.segments.names.renaming import PageNames, Renaming
from service.page.views.cards import Card
from service.remember.switch import page_extras, remembered_by, routes_of
from service.rest import rest_api
from service.settings import Settings
from service.thread_pools import WorkerPools
from service.train.own_data.own_data_tab import with_own_data
from service.train.rest.training_routes import training_routes

SESSIONS_WITH_MESSAGES = 500  # of clients of the queue; Gradio's own 2,000 take memory long after they left
LONGEST_QUEUE = 32  # events that may wait; only the page's own slow ones and /score_file do


@dataclass(frozen=True, kw_only=True)
class ServedModel:
    """One model with everything that was made for it; whoever holds it is answered by this model only.

    Attributes:
        predictor: what answers programs; rest: the REST API; tools: for agents; page: for people.
        files: what the page offers for download.
        names: the owner's for segments, on the page only; ``None`` where there is no file of them.
    """

    segmenter: Segmenter
    predictor: Predictor
    rest: ASGIApp
    tools: McpTools
    page: gr.Blocks
    files: ModelFiles
    names: PageNames | None = None


@dataclass(frozen=True, kw_only=True)
class Around:
    """What is the same for every model that a service serves; makes what is not."""

    settings: Settings
    pools: WorkerPools
    shares: UploadShares
    limit: Limit | None
    monitor: Monitor | None
    operations: Sequence[Operation]
    cards: Sequence[Card]
    desk: Any = None  # of remembered customers
    training: Any = None  # of tables that are sent
    renaming: Renaming | None = None

    def alone(self) -> Around:
        """The same around a model that a visitor trained: nothing is counted or remembered there."""
        return replace(self, monitor=None, desk=None, training=None, renaming=None)

    def page(self, model: ServedModel) -> gr.Blocks:
        """The page about a model in the current language, without the API."""
        remembered = remembered_by(model.predictor, self.desk)
        return _ready(self._page(model.segmenter, model.files, remembered, model.names))

    def _page(
        self, segmenter: Segmenter, files: ModelFiles, remembered: Any, names: PageNames | None
    ) -> gr.Blocks:
        extras: Extras = with_own_data(page_extras(remembered, _shown_names(names)), self.training)
        return build_page(
            segmenter if names is None else names.shown,
            self.settings,
            files=files,
            cards=self.cards,
            monitor=self.monitor,
            extras=replace(extras, in_languages=True, names=names),
        )

    def served(self, segmenter: Segmenter, files: ModelFiles) -> ServedModel:
        """Everything that answers about a model; takes some tenths of a second.

        Raises:
            ArtifactError: when a section of the contract that the page shows is incomplete.
        """
        segmenter.contract.read_all()
        settings, pools, operations = self.settings, self.pools, self.operations
        predictor = Predictor(segmenter, self.monitor)
        remembered = remembered_by(predictor, self.desk)
        names = _page_names(self.renaming, segmenter)
        page = self._page(segmenter, files, remembered, names)
        add_endpoints(page, predictor, settings, pools=pools, operations=operations, shares=self.shares)
        _ready(page).mcp_server = settings.mcp  # its panel then shows the tools of service.mcp
        rest = rest_api(
            predictor,
            settings,
            pools=pools,
            limit=self.limit,
            operations=[*operations, *routes_of(remembered), *training_routes(self.training)],
            shares=self.shares,
        )
        return ServedModel(
            segmenter=segmenter,
            predictor=predictor,
            rest=rest,
            tools=McpTools(predictor, pools, operations, files.card),
            page=page,
            files=files,
            names=names,
        )


def _page_names(renaming: Renaming | None, segmenter: Segmenter) -> PageNames | None:
    if renaming is None:
        return None
    return PageNames(renaming=renaming, model=segmenter, names=renaming.names(segmenter.contract))


def _shown_names(names: PageNames | None) -> dict[str, str]:
    """Name in the model file -> name on the page, where they differ."""
    return {} if names is None else {names.in_model(id): name for id, name in names.names.items()}


def _ready(page: gr.Blocks) -> gr.Blocks:
    """The page with its queue, and with a log that has no values."""
    log_no_values(page)
    page.queue(max_size=LONGEST_QUEUE, api_open=False)
    page._queue.pending_messages_per_session.max_size = SESSIONS_WITH_MESSAGES
    return page
