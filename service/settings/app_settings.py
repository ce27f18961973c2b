"""The one place where environment variables are read: what the app serves, where, and how much of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service.settings.api_keys import ApiKey, read_api_keys
from service.settings.environment_values import (
    SettingsError,
    check_digits,
    check_rate,
    contact,
    hosts,
    origins,
    signals,
    switch,
    whole,
)
from service.settings.store_settings import StoreSettings, store
from service.settings.training_settings import TrainingSettings, training

BUILT_FROM = Path(__file__).parents[2] / "COMMIT"  # written where the app is packed: .github/stage_space.py
DEFAULT_MODEL = Path(__file__).parents[2] / "artifacts" / "model.onnx"
DEFAULT_HOST = "0.0.0.0"  # noqa: S104 - a container is reached from outside itself
LARGEST_PORT = 65_535
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
TEXT, JSON_LINES = "text", "json"
LOG_FORMATS = (TEXT, JSON_LINES)
_NUMBERS = {  # variable -> smallest and largest value
    "PORT": (1, LARGEST_PORT),
    "MAX_UPLOAD_MB": (1, 10_000),
    "MAX_UPLOAD_ROWS": (1, 1_000_000_000),
    "BATCH_WORKERS": (1, 64),
    "BATCH_QUEUE": (0, 1_000),
    "SCORE_WORKERS": (1, 64),
    "MONITOR_WINDOW": (50, 10_000_000),
    "MODEL_WATCH": (0, 86_400),
}
SHORTEST_KEY = 16  # characters of RELOAD_KEY; a shorter one could be guessed
_KEY = re.compile(rf"[!-~]{{{SHORTEST_KEY},}}")


def built_from() -> str:
    """The commit in the file next to app.py; empty in a clone."""
    return BUILT_FROM.read_text(encoding="utf-8").strip() if BUILT_FROM.is_file() else ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the app serves, where, and how much of it; each comes from the variable of the same name.

    Attributes:
        model_path: the model file.
        host: the address to listen on.
        port: the port to listen on.
        mcp: whether there are tools for agents, ``on`` or ``off``.
        mcp_allowed_origins: of web pages that may call these tools; ``*`` for any. Programs need none.
        page: whether there is a page; without, only programs are answered.
        api_keys: who may call the API, and what; empty: everybody. With keys, ``page`` is off unless said.
        allowed_hosts: names by which the app is reached, ``*.example.com`` for all below, ``*`` for any;
            empty for any, but if ``host`` is this machine alone for names of this machine.
        cors_origins: of web pages elsewhere that may read answers; ``*`` for any, without credentials.
        frame_ancestors: of web pages elsewhere that may show the page in a frame.
        max_upload_mb: the largest file that is scored, in millions of bytes.
        max_upload_rows: the most rows of a file that is scored.
        batch_workers: threads for batches and explanations; single predictions need no thread.
        batch_queue: batches and explanations that may wait for a thread.
        score_workers: files that are scored at once.
        rate_limit: requests a client may send, such as ``600/minute``; empty for no limit.
        model_sha256: the only model file to serve, by its SHA-256; empty for any.
        model_public_key: the key that must have signed the model file; ``None`` for no signature.
        model_watch: seconds between looks at the model file, to take a new one; 0 for none.
        reload_key: the key for ``/v1/reload``; empty: nobody may use it.
        security_contact: where faults are reported, for ``/.well-known/security.txt``; empty: no such file.
        commit: what the page says it was built from; empty for nothing.
        monitoring: whether answers are counted, for ``/metrics`` and drift, ``on`` or ``off``.
        monitor_state: the file in which the counts survive a restart; without it, they end with the process.
        monitor_window: customers of a window in which drift is judged.
        log_format: ``text`` logs faults only, ``json`` also a line per request.
        telemetry: which signals OpenTelemetry sends, ``traces`` and ``metrics``; its SDK reads its own
            ``OTEL_*`` variables.
        store: where customers are remembered, ``STORE``, ``on`` or ``off``; ``None`` for nowhere.
        segment_names_file: the file with the owner's names for segments; without it, segments have the
            model's names and nobody renames them.
        segment_names_open: whether everybody who opens the page may rename, ``on`` or ``off``; if not, it
            takes a key for administration.
        training: how much a training on somebody's table may use, ``TRAINING``, ``on`` or ``off``; ``None``
            where nobody may train.
    """

    model_path: Path = DEFAULT_MODEL
    host: str = DEFAULT_HOST
    port: int = 7860
    mcp: bool = True
    mcp_allowed_origins: tuple[str, ...] = ()
    page: bool = True
    api_keys: tuple[ApiKey, ...] = field(default=(), repr=False)
    allowed_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ("*",)
    frame_ancestors: tuple[str, ...] = ()
    max_upload_mb: int = 200
    max_upload_rows: int = 2_000_000
    batch_workers: int = 2
    batch_queue: int = 16
    score_workers: int = 2
    rate_limit: str = ""
    model_sha256: str = ""
    model_public_key: Path | None = None
    model_watch: int = 0
    reload_key: str = field(default="", repr=False)
    security_contact: str = ""
    commit: str = field(default_factory=built_from)
    monitoring: bool = True
    monitor_state: Path | None = None
    monitor_window: int = 1_000
    log_format: str = TEXT
    telemetry: tuple[str, ...] = ()
    store: StoreSettings | None = None
    segment_names_file: Path | None = None
    segment_names_open: bool = False
    training: TrainingSettings | None = None

    def __post_init__(self) -> None:
        for name, (low, high) in _NUMBERS.items():
            value = getattr(self, name.lower())
            if not low <= value <= high:
                raise SettingsError(f"{name} must be from {low} to {high}, but it is {value}")
        if self.rate_limit:
            check_rate(self.rate_limit)
        check_digits("MODEL_SHA256", self.model_sha256, 64, 64)
        check_digits("COMMIT", self.commit, 7, 64)
        if self.reload_key and not _KEY.fullmatch(self.reload_key):
            raise SettingsError(
                f"RELOAD_KEY must have at least {SHORTEST_KEY} characters, ASCII without spaces, but it has "
                f"{len(self.reload_key)} or others; `openssl rand -hex 32` makes one"
            )
        if self.segment_names_open and self.segment_names_file is None:
            raise SettingsError(
                "SEGMENT_NAMES_OPEN needs SEGMENT_NAMES_FILE for the names, but there is none; set it"
            )
        if self.log_format not in LOG_FORMATS:
            raise SettingsError(f"LOG_FORMAT must be 'text' or 'json', but it is {self.log_format!r}")

    @property
    def served_hosts(self) -> tuple[str, ...]:
        """The names by which the app may be reached; empty for any."""
        return self.allowed_hosts or (("localhost",) if self.host in _THIS_MACHINE else ())

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings; a variable that is missing or blank keeps its default.

        Raises:
            SettingsError: for a variable that cannot be used.
        """
        given = {name: text.strip() for name, text in environment.items() if text.strip()}
        numbers = {name.lower(): whole(name, given[name]) for name in _NUMBERS if name in given}
        stored = store(given)
        names_open = switch("SEGMENT_NAMES_OPEN", given.get("SEGMENT_NAMES_OPEN", "off"))
        elsewhere = "" if stored or names_open else "*"
        return cls(
            model_path=Path(given.get("MODEL_PATH", DEFAULT_MODEL)),
            host=given.get("HOST", DEFAULT_HOST),
            mcp=switch("MCP", given.get("MCP", "on")),
            mcp_allowed_origins=origins("MCP_ALLOWED_ORIGINS", given.get("MCP_ALLOWED_ORIGINS", "")),
            page=switch("PAGE", given.get("PAGE", "off" if "API_KEYS" in given else "on")),
            api_keys=read_api_keys(given.get("API_KEYS", "")),
            allowed_hosts=hosts(given.get("ALLOWED_HOSTS", "")),
            cors_origins=origins("CORS_ORIGINS", given.get("CORS_ORIGINS", elsewhere)),
            frame_ancestors=origins("FRAME_ANCESTORS", given.get("FRAME_ANCESTORS", "")),
            rate_limit=given.get("RATE_LIMIT", ""),
            model_sha256=given.get("MODEL_SHA256", "").lower(),
            model_public_key=Path(given["MODEL_PUBLIC_KEY"]) if "MODEL_PUBLIC_KEY" in given else None,
            reload_key=given.get("RELOAD_KEY", ""),
            security_contact=contact(given.get("SECURITY_CONTACT", "")),
            commit=given.get("COMMIT", "").lower() or built_from(),
            monitoring=switch("MONITORING", given.get("MONITORING", "on")),
            monitor_state=Path(given["MONITOR_STATE"]) if "MONITOR_STATE" in given else None,
            log_format=given.get("LOG_FORMAT", TEXT).lower(),
            telemetry=signals(given),
            store=stored,
            segment_names_file=Path(given["SEGMENT_NAMES_FILE"]) if "SEGMENT_NAMES_FILE" in given else None,
            segment_names_open=names_open,
            training=training(given),
            **numbers,
        )
