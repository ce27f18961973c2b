"""How the text of an environment variable becomes a value."""

from __future__ import annotations

import re
from collections.abc import Mapping

SIGNALS = ("traces", "metrics")  # of OpenTelemetry
OTLP = "http/protobuf"
_SWITCH = {"on": True, "off": False}
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s,?#@]+")
_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


class SettingsError(ValueError):
    """An environment variable cannot be used; the message names it, what it must be and what was found."""


def whole(name: str, text: str) -> int:
    """A whole number."""
    try:
        return int(text)
    except ValueError:
        raise SettingsError(f"{name} must be a whole number, but it is {text!r}") from None


def switch(name: str, text: str) -> bool:
    """``on`` or ``off``."""
    if text.lower() not in _SWITCH:
        raise SettingsError(f"{name} must be 'on' or 'off', but it is {text!r}")
    return _SWITCH[text.lower()]


def contact(text: str) -> str:
    """An address for reports of faults."""
    if text and not re.fullmatch(r"(mailto:|https://|tel:)[!-~]+", text):
        raise SettingsError(
            f"SECURITY_CONTACT must be an address such as 'mailto:security@example.com' or one "
            f"with https://, but it is {text[:40]!r}"
        )
    return text


def origins(name: str, text: str) -> tuple[str, ...]:
    """Origins of web pages, separated with commas."""
    origins = tuple(each.strip().lower() for each in text.split(",") if each.strip())
    for each in origins:
        if each != "*" and not _ORIGIN.fullmatch(each):
            raise SettingsError(
                f"{name} must be origins such as 'https://example.com', separated with commas, or '*', but "
                f"one is {each[:40]!r}; leave out path and slash at its end"
            )
    return origins


def hosts(text: str) -> tuple[str, ...]:
    """Names of hosts without ports, separated with commas."""
    found = tuple(each.strip().lower() for each in text.split(",") if each.strip())
    for each in found:
        if each != "*" and not _HOST.fullmatch(each):
            raise SettingsError(
                f"ALLOWED_HOSTS must be names such as 'shop.example.com' or '*.example.com', separated with "
                f"commas, or '*', but one is {each[:40]!r}; leave out scheme, port and path"
            )
    return found


def check_digits(name: str, text: str, low: int, high: int) -> None:
    """Refuse what is not so many hexadecimal digits."""
    if text and not re.fullmatch(rf"[0-9a-f]{{{low},{high}}}", text):
        wanted = f"{low}" if low == high else f"{low} to {high}"
        raise SettingsError(f"{name} must be {wanted} hexadecimal digits, but it is {text!r}")


def signals(given: Mapping[str, str]) -> tuple[str, ...]:
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


def check_rate(text: str) -> None:
    """Refuse what is not one rate."""
    from limits import parse_many  # slow to import, and most need no limit

    try:
        rates = parse_many(text)
    except ValueError:
        rates = []
    if len(rates) != 1 or rates[0].amount < 1:
        raise SettingsError(f"RATE_LIMIT must be one rate like '600/minute', but it is {text!r}")
