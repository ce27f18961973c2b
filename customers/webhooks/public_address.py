"""Calls an address on the public internet only: what is checked is what is connected to."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # IPv4 addresses inside IPv6 ones


class WebhookError(ValueError):
    """The address must not be called, or the secret cannot sign; the message says why."""


def check_url(url: str, *, private: bool = False) -> SplitResult:
    """The parts of an address that may be called as far as its text says.

    Args:
        private: also allow plain HTTP.

    Raises:
        WebhookError: when it must not be called.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise WebhookError("WEBHOOK_URL must be an address, but it cannot be read; correct it") from None
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise WebhookError("WEBHOOK_URL must begin with https://, but it does not; correct it")
    if not parts.hostname or parts.username or parts.password or port == 0:
        raise WebhookError("WEBHOOK_URL must have a host and no user, but it has not; correct it")
    return parts


def public_connection(url: str, *, private: bool = False, timeout: float) -> tuple[HTTPConnection, str]:
    """A connection to the host of an address, and the path to ask there; it follows no redirect and no proxy.

    The host is looked up once, every address it has is checked, and one of them is connected to: a name that
    points elsewhere a moment later changes nothing.

    Args:
        private: also allow addresses of this machine and of private networks, and plain HTTP.

    Raises:
        WebhookError: when it must not be called.
        OSError: when the host has no address now.
    """
    parts = check_url(url, private=private)
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    addresses = [str(each[4][0]) for each in found]
    if not private and not all(is_public(address) for address in addresses):
        raise WebhookError(
            "WEBHOOK_URL must be an address of the public internet, but it is one of a private network; "
            "set WEBHOOK_PRIVATE=on if that is meant"
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    made: HTTPConnection
    if parts.scheme == "https":
        made = _Secure(addresses, host, port, timeout=timeout, context=ssl.create_default_context())
    else:
        made = _Plain(addresses, host, port, timeout=timeout)
    return made, path


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; of an IPv6 one that hides an IPv4 one, both."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        hidden = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _NAT64:
            hidden = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if hidden is not None:
            return is_public(str(hidden))
    return found.is_global and not found.is_multicast and not found.is_reserved


def _connected(addresses: list[str], port: int, timeout: float | None) -> socket.socket:
    """A socket to the first of the addresses that answers."""
    failed: OSError = OSError("the host has no address")
    for address in dict.fromkeys(addresses):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            failed = error
    raise failed


class _Plain(HTTPConnection):
    """HTTP to given addresses."""

    def __init__(self, addresses: list[str], host: str, port: int, *, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._addresses = addresses

    def connect(self) -> None:
        """Connect to one of the addresses."""
        self.sock = _connected(self._addresses, self.port, self.timeout)


class _Secure(HTTPSConnection):
    """HTTPS to given addresses, with a certificate for the host."""

    def __init__(
        self, addresses: list[str], host: str, port: int, *, timeout: float, context: ssl.SSLContext
    ) -> None:
        super().__init__(host, port, timeout=timeout, context=context)
        self._addresses, self._tls = addresses, context

    def connect(self) -> None:
        """Connect to one of the addresses; its certificate must be for the host."""
        plain = _connected(self._addresses, self.port, self.timeout)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise
