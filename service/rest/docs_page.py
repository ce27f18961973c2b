"""The API's own page at ``/v1/docs``: Swagger UI from the files of a package, not from another site."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.api import api_texts as texts
from service.api.problems import Problem

DOCS = "/docs"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_A_DAY = "public, max-age=86400"
_START = """\
window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#api",
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
});
"""
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{title}</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body style="margin:0;background:#fff">
<noscript>{without}</noscript>
<main id="api"></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_KINDS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}


def docs_routes(title: str) -> list[Route]:
    """The page and its files."""
    page = _PAGE.format(title=escape(title), without=escape(texts.DOCS_WITHOUT_SCRIPT))

    async def show(_: Request) -> Response:
        return Response(page, media_type="text/html", headers={"Content-Security-Policy": _POLICY})

    async def file(request: Request) -> Response:
        name = request.path_params["file"]
        headers = {"Cache-Control": _A_DAY}
        if name == "start.js":
            return Response(_START, media_type="text/javascript", headers=headers)
        if name not in _KINDS:
            raise Problem(404, texts.NOT_FOUND)
        content = (files("fastapi_swagger") / "resources" / name).read_bytes()
        return Response(content, media_type=_KINDS[name], headers=headers)

    return [Route(DOCS, show), Route(f"{DOCS}/{{file}}", file)]
