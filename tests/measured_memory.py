"""Reads a file in a process of its own, and measures its memory with that of the processes it starts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

MOST_MEGABYTES = 512

MEASURE = """
import io, json, resource, sys, threading
from pathlib import Path
from inference import InputError, Segmenter, ScoreOptions, score_file
import pyarrow.csv, pyarrow.parquet, python_calamine
if sys.argv[2] == "train":  # seconds that the others need not wait
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
