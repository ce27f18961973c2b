"""Files made to exhaust their reader are answered by a result or one sentence, within 512 MB of memory.

Each is scored in a process of its own, whose memory is measured together with that of the process it starts.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from inference import InputError, Segmenter, score_file
from service.settings import Settings
from tests.conftest import ROOT
from tests.scored_files import HEADER, ROW
from tests.test_excel_source import workbook
from tests.web import client
from trainer.table.raw_table import read_raw

MOST_MEGABYTES = 512
SHEET = "xl/worksheets/sheet1.xml"
OWN: dict[str, list[str] | list[int]] = {
    "Gender": ["Female"],
    "Age": [31],
    "Annual Income (k$)": [17],
    "Spending Score (1-100)": [40],
}

MEASURE = """
import io, json, resource, sys, threading
from pathlib import Path
from inference import InputError, Segmenter, ScoreOptions, score_file
import pyarrow.csv, pyarrow.parquet, python_calamine
from trainer.table.raw_table import read_raw

def resident(process):
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0

def all_resident():
    children = Path("/proc/self/task").glob("*/children")
    found = [resident("self")]
    for each in children:
        try:
            found += [resident(child) for child in each.read_text().split()]
        except OSError:
            pass
    return sum(found)

segmenter = Segmenter.load("artifacts/model.onnx")
done, peak, idle = threading.Event(), 0, all_resident()
def watch():
    global peak
    while not done.wait(0.005):
        peak = max(peak, all_resident())
watching = threading.Thread(target=watch)
watching.start()
path, way = Path(sys.argv[1]), sys.argv[2]
try:
    if way == "score":
        score_file(segmenter, path, path.with_suffix(".out"), options=ScoreOptions(output_format="parquet"))
    else:
        read_raw(path)
    told = ""
except InputError as error:
    told = str(error)
done.set()
watching.join()
print(json.dumps({"told": told, "megabytes": (peak - idle) >> 20}))
"""


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
    return f"{row[:-1]},{columns}}}\n".encode() + b"{}\n" * 1_000_000


REFUSED: dict[Callable[[], bytes], str] = {
    far_cell: "delete the cells far from the table",
    large_cell: "memory|cannot be read",
    blanks: "memory|cannot be read|empty",
    many_cells: "memory",
    many_parts: "at most 10,000 parts",
    large_page: "each page must unpack to at most 32 MB",
    long_list: "lists of a row group",
    many_columns: "at most",
    not_utf8: "must have valid cells",
    wide_csv: "at most 32,768 columns",
    quotes_csv: "a row must have at most",
    one_line_csv: "a row must have at most",
    unpacking_arrow: "a batch of the Arrow file must take at most",
    many_keys: "at most 32,768 columns",
    json_of_brackets: "each line must have at most 1 MiB",
    long_json_list: "at most 16 MiB",
}


def measured(content: bytes, folder: Path, way: str) -> str:
    """What is said about a file, which took no more memory than it may."""
    path = folder / "hostile"
    path.write_bytes(content)
    assert len(content) <= 50_000_000
    command = [sys.executable, "-c", MEASURE, str(path), way]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    answer = json.loads(run.stdout)
    assert answer["megabytes"] < MOST_MEGABYTES, answer
    assert len(answer["told"]) <= 300
    return str(answer["told"])


@pytest.mark.parametrize("make", REFUSED, ids=lambda make: str(make.__name__))
def test_a_file_that_would_exhaust_memory_is_refused_in_little(
    make: Callable[[], bytes], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=REFUSED[make]):
        raise InputError(measured(make(), tmp_path, "score"))


@pytest.mark.parametrize(
    "make", [repeated_text, repeated_plain_text, ragged_csv, repeated_arrow, short_objects]
)
def test_a_file_whose_rows_are_large_is_scored_in_little_memory(
    make: Callable[[], bytes], tmp_path: Path
) -> None:
    assert measured(make(), tmp_path, "score") == ""


@pytest.mark.parametrize("make", [repeated_text, repeated_plain_text, far_cell])
def test_the_trainer_refuses_what_it_could_not_hold(make: Callable[[], bytes], tmp_path: Path) -> None:
    assert measured(make(), tmp_path, "train") != ""


@pytest.mark.parametrize("make", [far_cell, not_utf8, many_parts])
def test_the_service_answers_and_goes_on(published: Segmenter, make: Callable[[], bytes]) -> None:
    content = make()
    kind = "vnd.apache.parquet" if content.startswith(b"PAR1") else (
        "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )  # fmt: skip
    with client(published) as asked:
        headers = {"Content-Type": f"application/{kind}"}
        refused = asked.post("/v1/score", content=content, headers=headers)
        assert refused.status_code == 422
        assert asked.post("/v1/predict", json={}).status_code == 200


def test_an_answer_far_larger_than_its_file_is_refused(published: Segmenter) -> None:
    header = f"{HEADER}," + ",".join(f"c{place}" for place in range(4_000))
    content = f"{header}\n{ROW}{',' * 4_000}\n".encode() + b"1\n" * 20_000  # filled up to 80 MB
    with client(published, Settings(max_upload_mb=1, max_upload_rows=30_000)) as asked:
        headers = {"Content-Type": "text/csv", "Accept-Encoding": "identity"}
        answer = asked.post("/v1/score", content=content, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("the scored file must have at most 19,360,000 bytes")


def test_a_small_file_with_large_rows_is_scored_where_its_answer_is_small(published: Segmenter) -> None:
    with client(published, Settings(max_upload_mb=1, max_upload_rows=200_000)) as asked:
        headers = {"Content-Type": "application/vnd.apache.parquet"}
        answer = asked.post("/v1/score", content=repeated_plain_text(), headers=headers)
    assert (answer.status_code, answer.headers["x-rows"]) == (200, "16000")


def test_the_command_lines_end_with_status_2(tmp_path: Path) -> None:
    path = tmp_path / "hostile.xlsx"
    path.write_bytes(far_cell())
    for command in (
        ["inference", "score", str(path)],
        ["trainer", "--data", str(path), "--out", str(tmp_path)],
    ):
        run = subprocess.run(
            [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert run.returncode == 2
        assert run.stderr.startswith("error: ")


def test_a_file_that_changes_while_it_is_read_is_not_published(published: Segmenter, tmp_path: Path) -> None:
    source, target = tmp_path / "customers.csv", tmp_path / "scored.csv"
    source.write_text(f"{HEADER}\n" + f"{ROW}\n" * 100_000)

    def cut(rows: int, read: int, size: int | None) -> None:
        with source.open("a") as stream:
            stream.write(f"{ROW}\n")

    with pytest.raises(InputError, match="must stay as it is while it is read"):
        score_file(published, source, target, progress=cut)
    assert [path.name for path in tmp_path.iterdir()] == ["customers.csv"]


def test_a_table_of_the_trainer_must_stay_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from inference.files.read import read_table

    source = tmp_path / "customers.csv"
    source.write_text(f"{HEADER}\n{ROW}\n{ROW}\n")
    parse = read_table._parsed

    def changed(*given: object) -> object:
        source.write_text(f"{HEADER}\n{ROW}\n")
        return parse(*given)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(read_table, "_parsed", changed)
    with pytest.raises(InputError, match="must stay as it is"):
        read_raw(source)
