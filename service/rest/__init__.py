"""The REST API at ``/v1``: pure ASGI, next to Gradio."""

from service.rest.routes import rest_api

__all__ = ["rest_api"]
