"""Mail by SMTP: where the server is, read from one address, and one message handed to it."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

MEANT = "write smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465"


class Security(StrEnum):
    """How a connection is kept from listeners."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"  # a relay on this machine


_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """A mail server and how to get in; the password is kept out of its repr."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


def read_mail_server(address: str) -> MailServer:
    """Read ``smtp://…`` (with STARTTLS, or ``?starttls=no`` without) or ``smtps://…``; raises ValueError.

    The error's sentence never repeats the address, which holds a password.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(MEANT) from None
    wish = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme not in {"smtp", "smtps"} or not host or not set(wish) <= {"starttls"}:
        raise ValueError(MEANT)
    is_open = wish.get("starttls", ["yes"])[-1] == "no"
    if is_open and (parts.scheme == "smtps" or parts.username):
        raise ValueError("starttls=no goes with smtp:// alone and without a password, which nobody else may read")
    security = Security.TLS if parts.scheme == "smtps" else Security.NONE if is_open else Security.STARTTLS
    return MailServer(
        host=host,
        port=port or _PORTS[security],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def deliver(message: EmailMessage, server: MailServer, *, timeout: float) -> int:
    """Hand a message over; how many of its recipients were refused.

    ``timeout`` is for each step, in seconds. Raises smtplib.SMTPException or OSError when nobody will get
    it. A server whose certificate is not trusted, or that offers no TLS where it was asked for, gets
    nothing (a clinic's own authority is named in SSL_CERT_FILE).
    """
    context = ssl.create_default_context()
    if server.security is Security.TLS:
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=timeout)
    with connection:
        if server.security is Security.STARTTLS:
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        return len(connection.send_message(message))
