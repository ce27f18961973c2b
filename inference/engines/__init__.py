"""The model for engines without an ONNX runtime: as a SQL statement, from a symbolic run of the graph."""
