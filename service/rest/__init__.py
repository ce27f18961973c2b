"""The REST API at ``/v1``: pure ASGI, next to Gradio."""

from service.rest.reload_paths import QUERY
from service.rest.rest_middleware import RestMiddleware
from service.rest.routes import json_response, rest_api

__all__ = ["QUERY", "RestMiddleware", "json_response", "rest_api"]
