"""Runs the notebooks from top to bottom and stores their outputs, or checks the stored ones.

    python notebooks/execute.py           run all and write their outputs
    python notebooks/execute.py --check   run all; exit status 1 when a text output differs

Needs requirements/notebooks.lock. Pictures are not compared: the table and the sentence next to them are.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
LIMIT = 60.0  # seconds of processor time for one notebook
CELL_TIMEOUT = 600  # seconds until a cell that hangs is stopped
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

Notebook = dict[str, Any]


def texts(notebook: Notebook) -> list[str]:
    """The text outputs of each code cell, in order; pictures have none that is worth comparing."""
    return [
        "".join(_text(output) for output in cell["outputs"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def _text(output: dict[str, Any]) -> str:
    text = output["text"] if "text" in output else output.get("data", {}).get("text/plain", "")
    return text if isinstance(text, str) else "".join(text)


def differences(stored: Notebook, found: Notebook) -> list[str]:
    """Which text outputs differ, in sentences; empty when the stored ones are still right."""
    before, after = texts(stored), texts(found)
    if len(before) != len(after):
        return [f"the notebook must have {len(after)} code cells, but {len(before)} are stored"]
    return [
        f"code cell {number} must show what is stored, but it differs; stored:\n{old}\nnow:\n{new}"
        for number, (old, new) in enumerate(zip(before, after, strict=True), 1)
        if old != new
    ]


def executed(path: Path) -> Notebook:
    """The notebook after a run in a new kernel, without times and versions of this machine.

    Raises:
        nbclient.exceptions.CellExecutionError: when a cell fails.
    """
    import nbformat
    from nbclient import NotebookClient

    document = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    NotebookClient(document, timeout=CELL_TIMEOUT, kernel_name="python3", resources=where).execute()
    for cell in document.cells:
        cell.metadata = {}
    document.metadata = METADATA
    notebook: Notebook = json.loads(nbformat.writes(document))
    return notebook


def main(arguments: list[str] | None = None) -> int:
    """Run every notebook; returns the exit status."""
    parser = argparse.ArgumentParser(description="Runs the notebooks and stores or checks their outputs.")
    parser.add_argument("--check", action="store_true", help="compare with the stored outputs; write nothing")
    parser.add_argument("names", nargs="*", help="such as 01_preprocessing (default: all)")
    options = parser.parse_args(arguments)
    failed = 0
    for path in sorted(FOLDER.glob("*.ipynb")):
        if options.names and path.stem not in options.names:
            continue
        start = _processor_seconds()
        notebook = executed(path)
        seconds = _processor_seconds() - start
        print(f"{path.name}: {seconds:.0f} s of processor time")
        if seconds > LIMIT:
            print(f"{path.name} must need at most {LIMIT:.0f} s; make it shorter", file=sys.stderr)
            failed += 1
        if options.check:
            for line in differences(json.loads(path.read_text(encoding="utf-8")), notebook):
                print(f"{path.name}: {line}", file=sys.stderr)
                failed += 1
        else:
            text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
            path.write_text(text + "\n", encoding="utf-8")
    return int(failed > 0)


def _processor_seconds() -> float:
    """Of this process and of the kernels that have ended."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    sys.exit(main())
