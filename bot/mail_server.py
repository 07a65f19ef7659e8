"""Mail by SMTP: where the server is, read from one address, and one message handed to it."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

from alliance.delivery import Result

MEANT = "write smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465"


class Security(StrEnum):
    """How a connection is kept from listeners."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"  # a relay on this machine


_YES, _NO_FOR_GOOD = 2, 5  # the first figure of a server's answer
_GO_ON = 354
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
    with _connected(server, timeout=timeout) as connection:
        return len(connection.send_message(message))


def hand_over(message: EmailMessage, server: MailServer, *, timeout: float) -> tuple[Result, str | None]:
    """Hand a message to its one recipient over, and say what came of it and why; never raises.

    Up to the server's leave to begin (354) nothing was sent, whatever happens. From then on until its answer nobody
    can know (RFC 1047): a server that closes, or falls silent, may have taken it. A 2xx is the only yes; a 5xx about
    the recipient or the content is a no for good; everything else is tried again, a wrong password as well.
    """
    has_begun = False
    try:
        connection = _connected(server, timeout=timeout)
        try:
            refused = _asked_to_begin(connection, message)
            if refused is not None:
                return refused
            has_begun = True
            return _ended(_told(connection, message.as_bytes()))
        finally:
            _part(connection)
    except smtplib.SMTPServerDisconnected:
        return (Result.AMBIGUOUS if has_begun else Result.NOT_SENT), "disconnected"
    except smtplib.SMTPResponseException as error:
        return Result.NOT_SENT, str(error.smtp_code)
    except (OSError, smtplib.SMTPException) as error:
        return (Result.AMBIGUOUS if has_begun else Result.NOT_SENT), type(error).__name__


def _connected(server: MailServer, *, timeout: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security is Security.TLS:
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=timeout)
    try:
        if server.security is Security.STARTTLS:
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _asked_to_begin(connection: smtplib.SMTP, message: EmailMessage) -> tuple[Result, str | None] | None:
    """Say from whom and to whom, and ask to begin; None when the server lets us."""
    connection.ehlo_or_helo_if_needed()
    code, _ = connection.mail(_address_in(message, "From"))
    if not _is_yes(code):
        return Result.NOT_SENT, str(code)  # our own address is refused: a setting, which somebody can put right
    code, _ = connection.rcpt(_address_in(message, "To"))
    if not _is_yes(code):
        return _ended(code)
    code, _ = connection.docmd("DATA")
    return None if code == _GO_ON else _ended(code)


def _told(connection: smtplib.SMTP, raw: bytes) -> int:
    """Send the message with the dots at the beginning of its lines doubled (RFC 5321, 4.5.2), and hear the answer."""
    dotted = (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..").removeprefix(b"\r\n")
    connection.send(dotted.removesuffix(b"\r\n") + b"\r\n.\r\n")
    code, _ = connection.getreply()
    return code


def _ended(code: int) -> tuple[Result, str | None]:
    if _is_yes(code):
        return Result.SENT, None
    return (Result.REJECTED if code // 100 == _NO_FOR_GOOD else Result.NOT_SENT), str(code)


def _part(connection: smtplib.SMTP) -> None:
    """Say goodbye; what goes wrong from here on takes nothing back."""
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()
    connection.close()


def _address_in(message: EmailMessage, header: str) -> str:
    return message[header].addresses[0].addr_spec


def _is_yes(code: int) -> bool:
    return code // 100 == _YES
