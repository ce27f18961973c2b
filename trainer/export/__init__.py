"""Writes the fitted model as one ONNX graph, and verifies that it gives the same answers."""
