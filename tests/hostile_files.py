"""Files made to exhaust their reader."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from tests.scored_files import HEADER, ROW
from tests.test_excel_source import workbook

SHEET = "xl/worksheets/sheet1.xml"
OWN: dict[str, list[str] | list[int]] = {
    "Gender": ["Female"],
    "Age": [31],
    "Annual Income (k$)": [17],
    "Spending Score (1-100)": [40],
}


def with_sheet(head: bytes, repeated: bytes, times: int, end: bytes) -> bytes:
    """A workbook whose sheet is this XML; the middle of it is never in memory as a whole."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([1]))) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in given.namelist():
            if name != SHEET:
                made.writestr(name, given.read(name))
        with made.open(SHEET, "w", force_zip64=True) as stream:
            stream.write(
                b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + head
            )
            for _ in range(times):
                stream.write(repeated)
            stream.write(end + b"</worksheet>")
    return out.getvalue()


def far_cell() -> bytes:
    head = b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    return with_sheet(head, b"", 0, b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')


def large_cell() -> bytes:
    head = b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
    return with_sheet(head, b"x" * (1 << 20), 600, b"</t></is></c></row></sheetData>")


def blanks() -> bytes:
    return with_sheet(b"<sheetData>", b" " * (1 << 20), 600, b"</sheetData>")


def many_cells() -> bytes:
    rows = b"<row>" + b"<c><v>1</v></c>" * 1000 + b"</row>"
    return with_sheet(b"<sheetData>", rows, 15_000, b"</sheetData>")


def many_parts() -> bytes:
    out = io.BytesIO(workbook([1]))
    with zipfile.ZipFile(out, "a") as made:
        for part in range(10_001):
            made.writestr(f"xl/{part}", b"")
    return out.getvalue()


def written(table: pa.Table, **options: object) -> bytes:
    content = io.BytesIO()
    parquet.write_table(table, content, compression="zstd", **options)
    return content.getvalue()


def repeated_text() -> bytes:
    rows = 40_000
    own = {name: pa.array(list(cells) * rows) for name, cells in OWN.items()}
    return written(pa.table({**own, "Gender": pa.array(["x" * 20_000] * rows).dictionary_encode()}))


def repeated_plain_text() -> bytes:
    text = pa.array(["x" * 20_000] * 16_000, pa.large_string())
    own = {name: pa.array(list(cells) * len(text)) for name, cells in OWN.items()}
    return written(pa.table({**own, "note": text}), use_dictionary=False)


def large_page() -> bytes:
    return written(pa.table({**OWN, "note": ["x" * 300_000_000]}), use_dictionary=False)


def long_list() -> bytes:
    values = pa.array(np.zeros(60_000_000, dtype=np.int64))
    return written(pa.table({**OWN, "list": pa.ListArray.from_arrays([0, len(values)], values)}))


def many_columns() -> bytes:
    return written(pa.table({f"c{column}": [1] for column in range(100_000)}))


def not_utf8() -> bytes:
    offsets, data = pa.py_buffer(np.array([0, 2], dtype=np.int32)), pa.py_buffer(b"\xc3\x28")
    return written(pa.table({**OWN, "note": pa.Array.from_buffers(pa.string(), 1, [None, offsets, data])}))


def wide_csv() -> bytes:
    return b",".join(b"c%d" % column for column in range(100_000)) + b"\n1,2\n"


def ragged_csv() -> bytes:
    return f"{HEADER}\n{ROW}\n".encode() + (b"," * 3_000_000 + b"\n") * 3


def quotes_csv() -> bytes:
    return HEADER.encode() + b"\n" + b'"' * 20_000_000


def one_line_csv() -> bytes:
    return b"," * 50_000_000


def in_arrow(table: pa.Table, codec: str) -> bytes:
    content = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=codec)
    with pa.ipc.new_stream(content, table.schema, options=options) as writer:
        writer.write_table(table)
    return content.getvalue()


def unpacking_arrow() -> bytes:
    return in_arrow(pa.table({"zeros": np.zeros(50_000_000)}), "zstd")


def repeated_arrow() -> bytes:
    rows = 40_000
    own = {name: pa.array(list(cells) * rows) for name, cells in OWN.items()}
    texts = pa.DictionaryArray.from_arrays(np.zeros(rows, dtype=np.int32), pa.array(["x" * 20_000]))
    return in_arrow(pa.table({**own, "note": texts}), "lz4")


def many_keys() -> bytes:
    return b"".join(b'{"k%d":1}\n' % key for key in range(100_000))


def json_of_brackets() -> bytes:
    return b'{"a":' + b"[" * 49_000_000


def long_json_list() -> bytes:
    return b'[{"a":[' + b"[]," * 16_000_000 + b"1]}]"


def short_objects() -> bytes:
    columns = ",".join(f'"c{place}":1' for place in range(200))
    row = json.dumps(dict(zip(HEADER.split(","), ROW.split(","), strict=True)))
    empty = b"{}\n" * 400_000  # 80 million cells, which are 640 MB if each is a pointer
    return f"{row[:-1]},{columns}}}\n".encode() + empty
