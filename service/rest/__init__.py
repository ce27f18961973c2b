"""The REST API at ``/v1``: pure ASGI beside Gradio, with one answer and one refusal for each question."""

from service.rest.routes import rest_api

__all__ = ["rest_api"]
