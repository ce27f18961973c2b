"""Tables as Arrow streams and files (https://arrow.apache.org/docs/format/Columnar.html)."""
