"""Where a first visit goes: to the page in the language that the browser prefers, or that was chosen."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.languages.language import ENGLISH, LANGUAGES

CHOICE = "lang"  # in the query of a link of the language switch, and the name of the cookie
A_YEAR = 365 * 24 * 60 * 60
_DECIDE = "Accept-Language, Cookie"


class FirstVisit:
    """Sends a browser from ``/`` to the page in its language; keeps what a person chose in a cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        path = str(scope["path"]).removeprefix(scope.get("root_path", ""))
        code = path.strip("/") or ENGLISH.code
        if code not in LANGUAGES or path.startswith(f"/{ENGLISH.code}"):
            await self._app(scope, receive, send)
        elif path == f"/{code}":
            await RedirectResponse(f"{code}/", 307)(scope, receive, send)
        elif path == "/" and (elsewhere := _elsewhere(scope)):
            answer = RedirectResponse(f"{elsewhere}/", 307, {"Vary": _DECIDE, "Cache-Control": "no-store"})
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, _remembering(send, code, chosen=_query(scope) == code))


def _elsewhere(scope: Scope) -> str:
    """The code of another language that a person chose or, without a choice, that the browser prefers."""
    headers = Headers(scope=scope)
    if scope["query_string"]:
        return ""
    code = _chosen(headers.get("cookie", "")) or preferred(headers.get("accept-language", ""))
    return "" if code == ENGLISH.code else code


def preferred(accepted: str) -> str:
    """The first of the page's languages in a header ``Accept-Language``, by weight; empty for none of them.

    Example:
        >>> preferred("pt, de-AT;q=0.8, en;q=0.5"), preferred("en-GB"), preferred("")
        ('de', 'en', '')
    """
    weighted = [each.partition(";") for each in accepted.split(",")[:32]]
    order = sorted(weighted, key=lambda each: -_weight(each[2]))
    codes = [each[0].strip().lower().split("-")[0] for each in order if _weight(each[2]) > 0]
    return next((code for code in codes if code in LANGUAGES), "")


def _weight(parameters: str) -> float:
    value = parameters.replace(" ", "").removeprefix("q=")
    try:
        return float(value) if value else 1.0
    except ValueError:
        return 0.0


def _chosen(cookies: str) -> str:
    try:
        kept = SimpleCookie(cookies).get(CHOICE)
    except CookieError:
        return ""
    return kept.value if kept is not None and kept.value in LANGUAGES else ""


def _query(scope: Scope) -> str:
    """The language that a link of the switch names."""
    query: bytes = scope["query_string"]
    return dict(parse_qsl(query.decode("latin-1"))).get(CHOICE, "")


def _remembering(send: Send, code: str, *, chosen: bool) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.add_vary_header(_DECIDE)
            if chosen:
                headers.append("Set-Cookie", f"{CHOICE}={code}; Path=/; Max-Age={A_YEAR}; SameSite=Lax")
        await send(message)

    return answer
