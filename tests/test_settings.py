"""Checks that settings come from the environment only, and that an invalid one is refused with a message."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from service.settings import DEFAULT_MODEL, ApiKey, Settings, SettingsError, StoreSettings, TrainingSettings

pytestmark = pytest.mark.fast

ROOT = Path(__file__).parents[1]


def test_without_variables_the_space_serves_the_published_model_on_its_port() -> None:
    settings = Settings.from_environment({"TRAINING": "off"})
    assert settings == Settings()
    assert (settings.host, settings.port, settings.mcp) == ("0.0.0.0", 7860, True)  # noqa: S104 - the promise
    assert settings.model_path == DEFAULT_MODEL == ROOT / "artifacts" / "model.onnx"


def test_each_variable_is_read() -> None:
    environment = {
        "MODEL_PATH": "other.onnx",
        "HOST": "127.0.0.1",
        "PORT": " 8000 ",
        "MCP": "Off",
        "MCP_ALLOWED_ORIGINS": "https://A.example, http://localhost:6274",
        "PAGE": "off",
        "API_KEYS": f"shop:predict,customers:{'0' * 64}",
        "ALLOWED_HOSTS": "Shop.example, *.example.com",
        "CORS_ORIGINS": "https://B.example",
        "FRAME_ANCESTORS": "https://c.example",
        "MAX_UPLOAD_MB": "7",
        "MAX_UPLOAD_ROWS": "8",
        "BATCH_WORKERS": "9",
        "BATCH_QUEUE": "0",
        "SCORE_WORKERS": "3",
        "RATE_LIMIT": "5/second",
        "MODEL_SHA256": "A" * 64,
        "MODEL_PUBLIC_KEY": "key.pem",
        "MODEL_WATCH": "10",
        "RELOAD_KEY": "0123456789abcdef",
        "SECURITY_CONTACT": "mailto:security@example.com",
        "COMMIT": "abc1234",
        "MONITORING": "off",
        "MONITOR_STATE": "counts.json",
        "MONITOR_WINDOW": "500",
        "LOG_FORMAT": "JSON",
        "STORE": "on",
        "TRAINING": "on",
        "SEGMENT_NAMES_FILE": "names.json",
        "SEGMENT_NAMES_OPEN": "on",
    }
    settings = Settings.from_environment(environment)
    assert settings == Settings(
        model_path=Path("other.onnx"),
        host="127.0.0.1",
        port=8000,
        mcp=False,
        mcp_allowed_origins=("https://a.example", "http://localhost:6274"),
        page=False,
        api_keys=(ApiKey(name="shop", scopes=frozenset({"predict", "customers"}), digest="0" * 64),),
        allowed_hosts=("shop.example", "*.example.com"),
        cors_origins=("https://b.example",),
        frame_ancestors=("https://c.example",),
        max_upload_mb=7,
        max_upload_rows=8,
        batch_workers=9,
        batch_queue=0,
        score_workers=3,
        rate_limit="5/second",
        model_sha256="a" * 64,
        model_public_key=Path("key.pem"),
        model_watch=10,
        reload_key="0123456789abcdef",
        security_contact="mailto:security@example.com",
        commit="abc1234",
        monitoring=False,
        monitor_state=Path("counts.json"),
        monitor_window=500,
        log_format="json",
        store=StoreSettings(address=f"sqlite:///{Path('customers.sqlite').absolute()}"),
        training=TrainingSettings(),
        segment_names_file=Path("names.json"),
        segment_names_open=True,
    )
    assert {name.lower() for name in environment} == {field.name for field in fields(Settings)} - {
        "telemetry"
    }


def test_the_documentation_lists_each_variable_with_its_default() -> None:
    table = re.findall(
        r"^\| (`[A-Z0-9_`, ]+`) \| (.*?) \|", (ROOT / "docs" / "operate.md").read_text("utf-8"), re.MULTILINE
    )
    listed = {
        name: default
        for names, defaults in table
        for name, default in zip(re.findall(r"[A-Z0-9_]+", names), defaults.split(", "), strict=True)
    }
    reported = {
        "page": "`on`",
        "api_keys": "none",
        "allowed_hosts": "none",
        "cors_origins": "`*`",
        "frame_ancestors": "none",
        "model_sha256": "none",
        "model_public_key": "none",
        "commit": "none",
        "reload_key": "none",
        "model_path": "`artifacts/model.onnx`",
        "mcp": "`on`",
        "mcp_allowed_origins": "none",
        "security_contact": "none",
        "rate_limit": "none",
        "monitoring": "`on`",
        "monitor_state": "none",
        "store": "`off`",
        "segment_names_file": "none",
        "segment_names_open": "`off`",
        "training": "`on`",
    }
    expected = {
        field.name.upper(): reported.get(field.name, f"`{field.default}`")
        for field in fields(Settings)
        if field.name != "telemetry"  # OpenTelemetry's own variables; below
    }
    limits = {f"TRAIN_{field.name.upper()}": f"`{field.default}`" for field in fields(TrainingSettings)}
    assert listed == expected | limits


def test_training_is_on_where_the_trainer_is_with_smaller_limits_on_a_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Settings.from_environment({}).training
    space = Settings.from_environment({"SPACE_ID": "owner/name", "TRAIN_QUEUE": "3"}).training
    assert here == TrainingSettings()
    assert space is not None
    assert space.seconds < here.seconds
    assert space.max_rows < here.max_rows
    assert space.queue == 3
    table = (ROOT / "docs" / "operate.md").read_text("utf-8")
    shown = (space.seconds, space.memory_mb, f"{space.max_mb}`, `{space.max_rows}", 8, space.kept_minutes)
    for value in shown:
        assert f"| `{value}` | " in table
    monkeypatch.setattr("service.settings.training_settings.TRAINER", tmp_path / "trainer")
    assert Settings.from_environment({}).training is None
    assert Settings.from_environment({"TRAINING": "on"}).training == TrainingSettings()


def test_the_store_has_variables_of_its_own() -> None:
    environment = {
        "STORE": "on",
        "SPACE_ID": "owner/name",
        "STORE_RETENTION_DAYS": "30",
        "WEBHOOK_URL": "https://example.org/hook",
        "WEBHOOK_SECRET": "secret",
        "WEBHOOK_PRIVATE": "on",
    }
    store = Settings.from_environment(environment).store
    assert store == StoreSettings(
        address=f"sqlite:///{Path('customers.sqlite').absolute()}",
        lasts=False,
        retention_days=30,
        webhook_url="https://example.org/hook",
        webhook_secret="secret",  # noqa: S106 - the variable's
        webhook_private=True,
    )
    url = "postgresql://me@host/name"
    lasting = Settings.from_environment({**environment, "DATABASE_URL": url}).store
    assert lasting is not None
    assert (lasting.address, lasting.lasts) == (url, True)
    page = (ROOT / "docs" / "customers.md").read_text("utf-8")
    for name in (*environment, "STORE_PATH", "DATABASE_URL"):
        assert name == "SPACE_ID" or f"`{name}`" in page


def test_who_may_rename_without_a_key_is_not_asked_by_other_sites() -> None:
    environment = {"SEGMENT_NAMES_FILE": "names.json", "TRAINING": "off"}
    assert Settings.from_environment(environment).cors_origins == ("*",)
    assert Settings.from_environment({**environment, "SEGMENT_NAMES_OPEN": "on"}).cors_origins == ()


def test_a_blank_variable_keeps_its_default() -> None:
    assert Settings.from_environment({"PORT": "", "MODEL_PATH": "  ", "TRAINING": "off"}) == Settings()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "http"}, "PORT must be a whole number, but it is 'http'"),
        ({"PORT": "0"}, "PORT must be from 1 to 65535, but it is 0"),
        ({"PORT": "65536"}, "PORT must be from 1 to 65535, but it is 65536"),
        (
            {"MCP_ALLOWED_ORIGINS": "https://a.example/"},
            "MCP_ALLOWED_ORIGINS must be origins such as 'https://example.com', separated with commas, or "
            "'*', but one is 'https://a.example/'; leave out path and slash at its end",
        ),
        (
            {"SECURITY_CONTACT": "security@example.com"},
            "SECURITY_CONTACT must be an address such as 'mailto:security@example.com' or one "
            "with https://, but it is 'security@example.com'",
        ),
        ({"MCP": "maybe"}, "MCP must be 'on' or 'off', but it is 'maybe'"),
        ({"SCORE_WORKERS": "0"}, "SCORE_WORKERS must be from 1 to 64, but it is 0"),
        ({"RATE_LIMIT": "often"}, "RATE_LIMIT must be one rate like '600/minute', but it is 'often'"),
        ({"RATE_LIMIT": "0/day"}, "RATE_LIMIT must be one rate like '600/minute', but it is '0/day'"),
        (
            {"SEGMENT_NAMES_OPEN": "on"},
            "SEGMENT_NAMES_OPEN needs SEGMENT_NAMES_FILE for the names, but there is none; set it",
        ),
        ({"WEBHOOK_URL": "https://a.b"}, "WEBHOOK_URL needs STORE=on, but the store is off; switch it on"),
        (
            {"WEBHOOK_URL": "https://a.b", "STORE": "on"},
            "WEBHOOK_URL needs WEBHOOK_SECRET to sign what is sent, but there is none; set it",
        ),
        (
            {"STORE": "on", "STORE_RETENTION_DAYS": "-1"},
            "STORE_RETENTION_DAYS must be from 0 to 36500, but it is -1",
        ),
        ({"TRAIN_SECONDS": "0"}, "TRAIN_SECONDS must be from 1 to 86400, but it is 0"),
        ({"TRAIN_MAX_ROWS": "all"}, "TRAIN_MAX_ROWS must be a whole number, but it is 'all'"),
        ({"COMMIT": "main"}, "COMMIT must be 7 to 64 hexadecimal digits, but it is 'main'"),
        ({"MODEL_SHA256": "abc"}, "MODEL_SHA256 must be 64 hexadecimal digits, but it is 'abc'"),
        (
            {"RATE_LIMIT": "5/day;1/hour"},
            "RATE_LIMIT must be one rate like '600/minute', but it is '5/day;1/hour'",
        ),
    ],
)
def test_a_wrong_variable_is_refused_with_what_it_must_be(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environment)
    assert str(caught.value) == sentence


def test_the_commit_is_read_from_the_file_that_a_packed_app_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.settings.app_settings.BUILT_FROM", tmp_path / "COMMIT")
    assert Settings().commit == ""
    (tmp_path / "COMMIT").write_text("0123456789abcdef\n", encoding="utf-8")
    assert Settings.from_environment({}).commit == "0123456789abcdef"
    assert Settings.from_environment({"COMMIT": "abcdef0"}).commit == "abcdef0"


@pytest.mark.parametrize(
    ("environment", "signals"),
    [
        ({}, ()),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, ("traces", "metrics")),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, ("traces",)),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1", "OTEL_TRACES_EXPORTER": "none"}, ("metrics",)),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1", "OTEL_SDK_DISABLED": "true"}, ()),
    ],
)
def test_the_variables_of_opentelemetry_choose_the_signals(
    environment: dict[str, str], signals: tuple[str, ...]
) -> None:
    assert Settings.from_environment(environment).telemetry == signals


def test_another_protocol_of_opentelemetry_is_refused() -> None:
    environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
    with pytest.raises(
        SettingsError, match="by 'http/protobuf', but the environment asks for 'otlp' by 'grpc'"
    ):
        Settings.from_environment(environment)


def test_another_log_format_is_refused() -> None:
    with pytest.raises(SettingsError, match="LOG_FORMAT must be 'text' or 'json', but it is 'xml'"):
        Settings.from_environment({"LOG_FORMAT": "xml"})
