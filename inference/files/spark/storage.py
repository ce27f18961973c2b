"""Files and folders wherever Spark has them: a disk, HDFS, or a store of objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True, order=True)
class StoredFile:
    """A file, its name relative to the folder that was listed, and its state."""

    name: str
    size: int
    changed: int  # milliseconds since 1970-01-01


class Folder(Protocol):
    """A folder, what is in it by name.

    Attributes:
        address: its path, the file system in front.
    """

    address: str

    def exists(self, name: str = "") -> bool:
        """Whether there is this file in the folder, or the folder itself."""

    def read(self, name: str) -> str:
        """The text of a file."""

    def write(self, name: str, text: str) -> None:
        """Write a file; the folder is made."""

    def remove(self) -> None:
        """Remove the folder with all that it has."""

    def is_empty(self) -> bool:
        """Whether there is no folder, or nothing in it."""


class Storage:
    """The file system of a path, by Hadoop's interface."""

    def __init__(self, session: SparkSession, path: str) -> None:
        context: Any = session.sparkContext
        self._jvm = context._jvm
        self._path = self._jvm.org.apache.hadoop.fs.Path(path)
        self._system = self._path.getFileSystem(context._jsc.hadoopConfiguration())
        self.address: str = self._system.makeQualified(self._path).toString()

    def exists(self, name: str = "") -> bool:
        """Whether there is this file in the folder, or the path itself."""
        return bool(self._system.exists(self._inside(name)))

    def files(self) -> list[StoredFile]:
        """The files of a folder and its folders, those that Spark hides left out; or the file itself."""
        if not self.exists():
            return []
        found, each = [], self._system.listFiles(self._path, True)
        while each.hasNext():
            status = each.next()
            name = status.getPath().toString().removeprefix(self.address).lstrip("/")
            if not any(part.startswith(("_", ".")) for part in name.split("/")):
                shown = name or status.getPath().getName()
                found.append(StoredFile(shown, int(status.getLen()), int(status.getModificationTime())))
        return sorted(found)

    def read(self, name: str) -> str:
        """The text of a file in the folder."""
        stream = self._system.open(self._inside(name))
        try:
            return str(self._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8"))
        finally:
            stream.close()

    def write(self, name: str, text: str) -> None:
        """Write a file in the folder, which is made."""
        stream = self._system.create(self._inside(name), True)
        stream.write(bytearray(text, "utf-8"))
        stream.close()

    def remove(self) -> None:
        """Remove the folder with all that it has."""
        self._system.delete(self._path, True)

    def is_empty(self) -> bool:
        """Whether there is nothing at the path, or a folder without anything."""
        return not self.exists() or (
            self._system.getFileStatus(self._path).isDirectory()
            and not len(self._system.listStatus(self._path))
        )

    def _inside(self, name: str) -> Any:
        return self._jvm.org.apache.hadoop.fs.Path(self._path, name) if name else self._path
