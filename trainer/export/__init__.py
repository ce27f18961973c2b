"""Writes the fitted model as one ONNX graph, and proves that it answers alike."""
