"""The web side: the page, its drawings, the endpoint and the server around them."""
