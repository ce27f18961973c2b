"""Adds to the documentation site what the repository has outside docs/, and the reference from docstrings.

MkDocs calls the functions here (``hooks`` in mkdocs.yml). Links stay written as they work in the repository:
here they are translated to the site's pages, and one to a file that the site does not have is an error.
"""

from __future__ import annotations

import ast
import base64
import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[1]
OUTSIDE = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "LICENSE",
    "artifacts/MODEL_CARD.md",
    "artifacts/test_vectors.schema.json",
    "artifacts/figures/*.svg",
    "examples/README.md",
    "examples/*/README.md",
    "notebooks/*.ipynb",
)
REFERENCE = {
    "inference": "Predicts with the model file. The package needs numpy and onnxruntime; "
    "files are scored with pyarrow.",
    "trainer": "Trains the model file from a customer table.",
}
_LINK = re.compile(r"(?P<before>\]\()(?P<target>(?!\w+:|#|/)[^)#\s]+)(?P<after>#[^)\s]*)?(?=\))")
_STYLE = re.compile(r"<style scoped>.*?</style>\n?", re.S)  # the site has its own for tables
_PICTURES = {"image/svg+xml": "svg", "image/png": "png"}


def on_files(files: Any, config: Any) -> Any:
    """Add the files outside docs/, the notebooks as pages, and one page of reference per package."""
    for path in outside():
        if path.endswith(".ipynb"):
            page, pictures = notebook_page(path)
            files.append(File.generated(config, site_name(path), content=page))
            for name, content in pictures.items():
                files.append(File.generated(config, f"notebooks/{name}", content=content))
        else:
            files.append(File.generated(config, site_name(path), abs_src_path=str(ROOT / path)))
    for package in REFERENCE:
        files.append(File.generated(config, f"reference/{package}.md", content=reference(package)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Translate the links of one page."""
    own = repository_name(page.file.src_uri)
    start = posixpath.dirname(page.file.src_uri)
    pages = {file.src_uri for file in files}

    def translated(found: re.Match[str]) -> str:
        name = linked(own, found["target"])
        if site_name(name) not in pages:
            raise PluginError(f"{own} must link to files of the site, but it links to {found['target']!r}")
        return found["before"] + posixpath.relpath(site_name(name), start or ".") + (found["after"] or "")

    return _LINK.sub(translated, markdown)


def outside() -> Iterator[str]:
    """The repository's files outside docs/ that the site has."""
    for pattern in OUTSIDE:
        found = sorted(path for path in ROOT.glob(pattern) if "node_modules" not in path.parts)
        if not found:
            raise PluginError(f"{pattern!r} must match a file of the repository, but it matches none")
        yield from (path.relative_to(ROOT).as_posix() for path in found)


def site_name(name: str) -> str:
    """The site's name of a file of the repository: docs/ is its root, and README.md its first page."""
    if name.endswith(".ipynb"):
        return f"{name.removesuffix('.ipynb')}.md"
    return "index.md" if name == "README.md" else name.removeprefix("docs/")


def repository_name(name: str) -> str:
    """The repository's name of a page of the site."""
    candidates = {site_name(path): path for path in outside()}
    return candidates.get(name, f"docs/{name}")


def linked(page: str, target: str) -> str:
    """The repository's name of what a page links to; of a folder, its README.md."""
    name = posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
    return f"{name}/README.md" if (ROOT / name).is_dir() else name


def reference(package: str) -> str:
    """The page of a package: every public name with its docstring."""
    names = "\n\n".join(f"::: {package}.{name}" for name in public_names(package))
    return f"# {package}\n\n{REFERENCE[package]}\n\n{names}\n"


def public_names(package: str) -> list[str]:
    """``__all__`` of a package, read without importing it."""
    tree = ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    raise PluginError(f"{package}/__init__.py must define __all__, but it does not")


def notebook_page(path: str) -> tuple[str, dict[str, bytes]]:
    """A notebook with its stored outputs as a page, and its pictures by file name."""
    notebook = json.loads((ROOT / path).read_text(encoding="utf-8"))
    parts: list[str] = []
    pictures: dict[str, bytes] = {}
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        for output in cell["outputs"]:
            name = f"{Path(path).stem}-{len(pictures) + 1}"
            parts.append(_shown(output, name, pictures))
    return "\n\n".join(parts) + "\n", pictures


def _shown(output: dict[str, Any], name: str, pictures: dict[str, bytes]) -> str:
    """One output: a picture, which is added to ``pictures``, a table, or text."""
    data = {kind: "".join(content) for kind, content in output.get("data", {}).items()}
    for kind, ending in _PICTURES.items():
        if kind in data:
            file = f"{name}.{ending}"
            pictures[file] = base64.b64decode(data[kind]) if ending == "png" else data[kind].encode()
            title = re.search(r"<(?:dc:)?title>(.*?)</", data[kind], re.S)
            return f"![{title[1].strip() if title else 'Chart'}]({file})"
    if "text/html" in data:
        return re.sub(r' border="1" class="dataframe"| style="[^"]*"', "", _STYLE.sub("", data["text/html"]))
    text = "".join(output.get("text", "")) or data.get("text/plain", "")
    return f"```text\n{text.rstrip()}\n```"
