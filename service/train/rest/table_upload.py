"""Takes a table that is sent for training: bounded while it comes, and kept in a folder of its own."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from starlette.requests import Request

from service.api.file_scoring import MEGABYTE
from service.api.http.request_body import refuse_announced, require_type
from service.api.http.upload_shares import UploadShares, client_of
from service.api.problems import Problem, fault_of_server
from service.rest.form_file import LARGEST_TEXT, OVERHEAD, FormFile
from service.rest.score_upload import ACCEPTED, FORM, IN_MEMORY, PIECE
from service.rest.streams import receive
from service.train import training_texts
from service.train.work_folder import WorkFolder

HINT = "-F file=@customers.csv, or -H 'Content-Type: text/csv' --data-binary @customers.csv"
GIVEN = "given"  # the folder of the table, in that of its training
LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A table that was sent, and the other parts of the form that it was in."""

    folder: Path
    table: Path
    texts: dict[str, bytes] = field(default_factory=dict)


async def receive_table(
    request: Request, folder: WorkFolder, shares: UploadShares, *, max_mb: int, texts: Collection[str] = ()
) -> Sent:
    """Keep the table of a request.

    Raises:
        Problem: for a body that is too large, too slow, or no file.
        BusyError: when there is no room for it.
    """
    form = require_type(request, ACCEPTED, HINT) == FORM
    most = max_mb * MEGABYTE + (OVERHEAD + len(texts) * LARGEST_TEXT if form else 0)
    refuse_announced(request, most)
    made = folder.new()
    try:
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body, shares.upload(client_of(request)) as upload:
            file = None
            if form:
                file = FormFile(cast(io.RawIOBase, body), request.headers["content-type"], texts)
            await receive(request, body, upload, most)
            return _kept(made, cast(io.RawIOBase, file or body), file)
    except BaseException as error:
        shutil.rmtree(made, ignore_errors=True)
        if isinstance(error, OSError):
            raise fault_of_server(error) from None
        raise


def _kept(folder: Path, source: io.RawIOBase, form: FormFile | None) -> Sent:
    """Copy the file to its folder; reading it parses the form."""
    given = folder / GIVEN
    given.mkdir()
    spooled = given / "spooled"
    with spooled.open("wb") as target:
        shutil.copyfileobj(source, target, PIECE)
    if not spooled.stat().st_size:
        raise Problem(400, training_texts.EMPTY)
    table = spooled.rename(given / clean_name(form.name if form else ""))
    return Sent(folder=folder, table=table, texts={} if form is None else dict(form.texts))


def clean_name(name: str) -> str:
    r"""The name of a file without a folder or anything that a system could take amiss.

    Example:
        >>> clean_name("../my shop\n.csv"), clean_name("")
        ('my shop.csv', 'customers')
    """
    plain = re.sub(r"[^\w .()-]+", "", Path(name.replace("\\", "/")).name).strip(" .-")
    stem, dot, extension = plain.rpartition(".")
    short = f"{stem[:LONGEST_NAME]}{dot}{extension[:8]}" if stem else plain[:LONGEST_NAME]
    return short or "customers"
