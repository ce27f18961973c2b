"""How the page reaches a browser: compressed, cached, with its own link preview, without layout shifts."""
