"""Checks in Chromium what people see of the MCP tools: the page's API panel, and the card of a prediction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app import build_app
from inference import Segmenter
from service.api.api_predictions import Predictor
from service.api.operations import OPERATIONS
from service.mcp.mcp_resources import CARD_PAGE
from service.settings import Settings
from tests.browsing import ARGUMENTS, CHROMIUM
from tests.free_port import free_port

pytestmark = [pytest.mark.browser, pytest.mark.server]

TOOLS = [each.mcp for each in OPERATIONS if each.mcp]
HOST = """
<iframe id="card" sandbox="allow-scripts" style="width: 480px; height: 480px"></iframe>
<script>
window.heard = [];
window.addEventListener("message", ({ data, source }) => {
  window.heard.push(data.method);
  if (data.method === "ui/initialize") {
    const result = { protocolVersion: data.params.protocolVersion, hostInfo: { name: "host", version: "1" },
      hostCapabilities: {}, hostContext: { theme: "dark" } };
    source.postMessage({ jsonrpc: "2.0", id: data.id, result }, "*");
  }
});
window.show = (params) => document.getElementById("card").contentWindow.postMessage(
  { jsonrpc: "2.0", method: "ui/notifications/tool-result", params }, "*");
</script>
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def host(browser: Browser) -> Iterator[Page]:
    """A page that shows the card as a client with MCP Apps does, after the handshake."""
    page = browser.new_page()
    page.set_content(HOST)
    page.evaluate("html => { document.getElementById('card').srcdoc = html; }", CARD_PAGE.read_text("utf-8"))
    page.wait_for_function("window.heard.includes('ui/notifications/initialized')")
    yield page
    page.close()


def result(answer: object, *, wrong: bool = False) -> dict[str, Any]:
    """What the host sends of a tool's answer."""
    text = {"type": "text", "text": answer if wrong else json.dumps(answer)}
    return {"content": [text], "isError": wrong} | ({} if wrong else {"structuredContent": answer})


def test_the_card_shows_segment_action_and_every_probability(host: Page, published: Segmenter) -> None:
    answer = Predictor(published).predict({"age": 31, "annual_income": 17, "spending_score": 80})
    host.evaluate("params => show(params)", result(answer))
    card = host.frame_locator("#card")
    expect(card.get_by_role("heading")).to_have_text(answer["segment"])
    expect(card.get_by_text(answer["action"])).to_be_visible()
    assert card.locator("meter").count() == len(published.contract.segments)
    assert "ui/notifications/size-changed" in host.evaluate("window.heard")


def test_the_card_says_when_too_little_is_known_and_when_a_customer_is_unlike_others(
    host: Page, published: Segmenter
) -> None:
    host.evaluate("params => show(params)", result(Predictor(published).predict({})))
    card = host.frame_locator("#card")
    expect(card.get_by_role("heading")).to_contain_text("Not enough is known")
    strange = Predictor(published).predict({"annual_income": 9_000, "spending_score": 40})
    assert (strange["novelty"] or 0) > 1
    host.evaluate("params => show(params)", result(strange))
    expect(card.get_by_text("unlike the customers in training")).to_be_visible()


def test_the_card_shows_a_refusal_as_text(host: Page) -> None:
    host.evaluate("params => show(params)", result("<b>age</b> must be a number", wrong=True))
    card = host.frame_locator("#card")
    expect(card.get_by_text("<b>age</b> must be a number")).to_be_visible()
    assert card.locator("meter").count() == 0


def test_the_panel_shows_the_right_number_of_tools_and_links_to_the_docs(browser: Browser) -> None:
    site = build_app(Settings(host="127.0.0.1", port=free_port()))
    page = browser.new_page()
    try:
        page.goto(site.launch(prevent_thread_lock=True, quiet=True))
        page.locator("footer .show-api").click(timeout=30_000)
        panel = page.locator(".api-docs")
        expect(panel.get_by_text(f"{len(TOOLS)} Available MCP Tools")).to_be_visible()
        expect(panel.locator(".tool-item")).to_have_count(len(TOOLS))
        expect(panel.locator(".counts p")).to_be_hidden()
        panel.get_by_text("Python", exact=True).click()
        described = panel.locator(".desc").filter(has_text="/v1/docs")
        expect(described.locator("a")).to_have_count(len([each for each in OPERATIONS if each.gradio]))
        panel.locator(".desc a").first.click()
        expect(
            page.get_by_role("button", name="Authorize").or_(page.locator(".opblock").first)
        ).to_be_visible()
        assert page.url.endswith("/v1/docs")
    finally:
        page.close()
        site.close()
