"""Where a digest goes, and how much of it: what a clinic chooses."""

import re
from enum import StrEnum

LONGEST_ADDRESS = 254  # characters (RFC 5321, 4.5.3.1.3, without the angle brackets)
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_LONGEST_LOCAL_PART = 64


class MailContent(StrEnum):
    """How much of a digest goes by e-mail."""

    OFF = "off"
    MINIMAL = "minimal"  # counts, and where to read it; nobody is named
    FULL = "full"


class WordsInTelegram(StrEnum):
    """When a clinician reads a patient's own words in Telegram."""

    ON_REQUEST = "on_request"  # behind a button, protected, and taken away again
    NEVER = "never"
    WITH_DIGEST = "with_digest"  # they come with it, protected, and are taken away again


class NoAddress(ValueError):
    """That is no e-mail address such as name@example.org."""


def mail_address(words: str) -> str:
    """The address as it is kept; raises NoAddress for anything a mail server could take for something else.

    Letters of ASCII only, because not every server takes others (RFC 6531); no display name, no comment, no quotes.
    """
    address = words.strip()
    local, _, _ = address.rpartition("@")
    if len(address) > LONGEST_ADDRESS or len(local) > _LONGEST_LOCAL_PART or not _ADDRESS.fullmatch(address):
        raise NoAddress(NoAddress.__doc__)
    return address
