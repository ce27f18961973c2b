"""The tab Monitoring: what the monitor found, drawn again each time that the tab is opened."""

from __future__ import annotations

from typing import cast

import gradio as gr

from inference import Segmenter
from service.api.http.request_log import log_quietly
from service.monitor.monitor import Monitor
from service.page.handlers import Model
from service.page.texts import answer_texts, frame_texts, monitoring_texts
from service.page.views.monitoring_view import monitoring_view


def monitoring_tab(model: Model, monitor: Monitor) -> None:
    """Add the tab to the page that is being built."""

    def shown() -> str:
        try:
            segmenter = cast(Segmenter, model)
            return str(monitoring_view(monitor.live(segmenter).seen(), monitor.saving))
        except Exception as error:  # the page must not be left without an answer
            log_quietly(error)
            return answer_texts.FAILED

    with gr.Tab(frame_texts.TAB_MONITORING, id="monitoring") as tab:
        refresh = gr.Button(monitoring_texts.MONITORING_REFRESH, elem_id="refresh-monitoring", size="sm")
        view = gr.HTML(shown(), elem_id="monitoring", apply_default_css=False)
    for event in (tab.select, refresh.click):
        event(shown, None, view, queue=False, show_progress="hidden", api_visibility="private")
