"""The model in single precision, for databases that run ONNX themselves."""
