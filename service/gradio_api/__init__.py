"""The public endpoints that Gradio's API clients call."""
