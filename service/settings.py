"""The one place where environment variables are read: what the app serves, where, and how much of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from customers.address import outlives_restart, store_address

BUILT_FROM = (
    Path(__file__).parent.parent / "COMMIT"
)  # written where the app is packed: .github/stage_space.py
DEFAULT_MODEL = Path(__file__).parent.parent / "artifacts" / "model.onnx"
DEFAULT_HOST = "0.0.0.0"  # noqa: S104 - a container is reached from outside itself
LARGEST_PORT = 65_535
MOST_DAYS = 36_500
SIGNALS = ("traces", "metrics")  # of OpenTelemetry
OTLP = "http/protobuf"
TEXT, JSON_LINES = "text", "json"
LOG_FORMATS = (TEXT, JSON_LINES)
_SWITCH = {"on": True, "off": False}
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
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s,?#@]+")
_KEY = re.compile(rf"[!-~]{{{SHORTEST_KEY},}}")


class SettingsError(ValueError):
    """An environment variable cannot be used; the message names it, what it must be and what was found."""


def built_from() -> str:
    """The commit in the file next to app.py; empty in a clone."""
    return BUILT_FROM.read_text(encoding="utf-8").strip() if BUILT_FROM.is_file() else ""


@dataclass(frozen=True, kw_only=True)
class StoreSettings:
    """Where customers are remembered, and who is told of changes.

    Attributes:
        address: of the database, from ``DATABASE_URL`` or ``STORE_PATH``.
        lasts: whether it outlives a restart; on a Hugging Face Space only what is mounted does.
        retention_days: after how many days without an answer a customer is erased; 0 for never.
        webhook_url, webhook_secret: where changes of segments are sent, and what signs them.
        webhook_private: whether that may be an address of a private network.
    """

    address: str = field(repr=False)  # may have a password
    lasts: bool = True
    retention_days: int = 0
    webhook_url: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    webhook_private: bool = False


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the app serves, where, and how much of it; each comes from the variable of the same name.

    Attributes:
        model_path: the model file.
        host: the address to listen on.
        port: the port to listen on.
        mcp: whether there are tools for agents, ``on`` or ``off``.
        mcp_allowed_origins: of web pages that may call these tools; ``*`` for any. Programs need none.
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
    """

    model_path: Path = DEFAULT_MODEL
    host: str = DEFAULT_HOST
    port: int = 7860
    mcp: bool = True
    mcp_allowed_origins: tuple[str, ...] = ()
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

    def __post_init__(self) -> None:
        for name, (low, high) in _NUMBERS.items():
            value = getattr(self, name.lower())
            if not low <= value <= high:
                raise SettingsError(f"{name} must be from {low} to {high}, but it is {value}")
        if self.rate_limit:
            _check_rate(self.rate_limit)
        _check_digits("MODEL_SHA256", self.model_sha256, 64, 64)
        _check_digits("COMMIT", self.commit, 7, 64)
        if self.reload_key and not _KEY.fullmatch(self.reload_key):
            raise SettingsError(
                f"RELOAD_KEY must have at least {SHORTEST_KEY} characters, ASCII without spaces, but it has "
                f"{len(self.reload_key)} or others; `openssl rand -hex 32` makes one"
            )
        if self.log_format not in LOG_FORMATS:
            raise SettingsError(f"LOG_FORMAT must be 'text' or 'json', but it is {self.log_format!r}")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings; a variable that is missing or blank keeps its default.

        Raises:
            SettingsError: for a variable that cannot be used.
        """
        given = {name: text.strip() for name, text in environment.items() if text.strip()}
        numbers = {name.lower(): _whole(name, given[name]) for name in _NUMBERS if name in given}
        return cls(
            model_path=Path(given.get("MODEL_PATH", DEFAULT_MODEL)),
            host=given.get("HOST", DEFAULT_HOST),
            mcp=_switch("MCP", given.get("MCP", "on")),
            mcp_allowed_origins=_origins("MCP_ALLOWED_ORIGINS", given.get("MCP_ALLOWED_ORIGINS", "")),
            rate_limit=given.get("RATE_LIMIT", ""),
            model_sha256=given.get("MODEL_SHA256", "").lower(),
            model_public_key=Path(given["MODEL_PUBLIC_KEY"]) if "MODEL_PUBLIC_KEY" in given else None,
            reload_key=given.get("RELOAD_KEY", ""),
            security_contact=_contact(given.get("SECURITY_CONTACT", "")),
            commit=given.get("COMMIT", "").lower() or built_from(),
            monitoring=_switch("MONITORING", given.get("MONITORING", "on")),
            monitor_state=Path(given["MONITOR_STATE"]) if "MONITOR_STATE" in given else None,
            log_format=given.get("LOG_FORMAT", TEXT).lower(),
            telemetry=_signals(given),
            store=_store(given),
            **numbers,
        )


def _store(given: Mapping[str, str]) -> StoreSettings | None:
    if not _switch("STORE", given.get("STORE", "off")):
        if "WEBHOOK_URL" in given:
            raise SettingsError("WEBHOOK_URL needs STORE=on, but the store is off; switch it on")
        return None
    if "WEBHOOK_URL" in given and "WEBHOOK_SECRET" not in given:
        raise SettingsError(
            "WEBHOOK_URL needs WEBHOOK_SECRET to sign what is sent, but there is none; set it"
        )
    days = _whole("STORE_RETENTION_DAYS", given.get("STORE_RETENTION_DAYS", "0"))
    if not 0 <= days <= MOST_DAYS:
        raise SettingsError(f"STORE_RETENTION_DAYS must be from 0 to {MOST_DAYS}, but it is {days}")
    return StoreSettings(
        address=store_address(given),
        lasts="SPACE_ID" not in given or outlives_restart(store_address(given)),
        retention_days=days,
        webhook_url=given.get("WEBHOOK_URL", ""),
        webhook_secret=given.get("WEBHOOK_SECRET", ""),
        webhook_private=_switch("WEBHOOK_PRIVATE", given.get("WEBHOOK_PRIVATE", "off")),
    )


def _whole(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise SettingsError(f"{name} must be a whole number, but it is {text!r}") from None


def _switch(name: str, text: str) -> bool:
    if text.lower() not in _SWITCH:
        raise SettingsError(f"{name} must be 'on' or 'off', but it is {text!r}")
    return _SWITCH[text.lower()]


def _contact(text: str) -> str:
    if text and not re.fullmatch(r"(mailto:|https://|tel:)[!-~]+", text):
        raise SettingsError(
            f"SECURITY_CONTACT must be an address such as 'mailto:security@example.com' or one "
            f"with https://, but it is {text[:40]!r}"
        )
    return text


def _origins(name: str, text: str) -> tuple[str, ...]:
    """Origins of web pages, separated with commas."""
    origins = tuple(each.strip().lower() for each in text.split(",") if each.strip())
    for each in origins:
        if each != "*" and not _ORIGIN.fullmatch(each):
            raise SettingsError(
                f"{name} must be origins such as 'https://example.com', separated with commas, or '*', but "
                f"one is {each[:40]!r}; leave out path and slash at its end"
            )
    return origins


def _check_digits(name: str, text: str, low: int, high: int) -> None:
    if text and not re.fullmatch(rf"[0-9a-f]{{{low},{high}}}", text):
        wanted = f"{low}" if low == high else f"{low} to {high}"
        raise SettingsError(f"{name} must be {wanted} hexadecimal digits, but it is {text!r}")


def _signals(given: Mapping[str, str]) -> tuple[str, ...]:
    """The signals that OpenTelemetry's own variables ask for."""
    if given.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return ()
    found = []
    for signal in SIGNALS:
        name = signal.upper()
        endpoint = f"OTEL_EXPORTER_OTLP_{name}_ENDPOINT"
        exporter = given.get(f"OTEL_{name}_EXPORTER", "otlp")
        if exporter == "none" or not given.keys() & {"OTEL_EXPORTER_OTLP_ENDPOINT", endpoint}:
            continue
        protocol = given.get(f"OTEL_EXPORTER_OTLP_{name}_PROTOCOL") or given.get(
            "OTEL_EXPORTER_OTLP_PROTOCOL", OTLP
        )
        if exporter != "otlp" or protocol != OTLP:
            raise SettingsError(
                f"OpenTelemetry must send {signal} with the exporter 'otlp' by {OTLP!r}, but the environment "
                f"asks for {exporter!r} by {protocol!r}"
            )
        found.append(signal)
    return tuple(found)


def _check_rate(text: str) -> None:
    from limits import parse_many  # slow to import, and most need no limit

    try:
        rates = parse_many(text)
    except ValueError:
        rates = []
    if len(rates) != 1 or rates[0].amount < 1:
        raise SettingsError(f"RATE_LIMIT must be one rate like '600/minute', but it is {text!r}")
