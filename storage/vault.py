"""What patients say is kept sealed: AES-256-GCM, each box bound to the place where it belongs."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.columns import Sealed

FORMAT = 1  # first byte of a box, so that a later format can be told apart
NONCE_LENGTH = 12  # bytes; 96 bits as NIST SP 800-38D recommends
KEY_LENGTH = 32  # bytes; AES-256
HIGHEST_NUMBER = 255  # a key's number is one byte of the box


class BadKey(ValueError):
    """A key is 32 bytes written in base64, preceded by its number and a colon, such as 1:…=."""


class Tampered(Exception):
    """A sealed value was changed, moved to another place, or sealed with a key we do not have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a sealed value belongs; opened anywhere else it is refused."""

    table: str
    column: str
    row: int | str
    person: int | None

    def associated(self) -> bytes:
        """The bytes that are authenticated beside the text."""
        return f"{FORMAT}|{self.table}|{self.column}|{self.row}|{self.person}".encode()


class Vault:
    """Seals with the newest key of the ring and opens with whichever a box names."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        if not keys or not all(len(key) == KEY_LENGTH for key in keys.values()):
            raise BadKey(BadKey.__doc__)
        self._ciphers = {number: AESGCM(key) for number, key in keys.items()}
        self._markers = {number: _marker(key) for number, key in sorted(keys.items(), reverse=True)}
        self._newest = max(keys)

    def __repr__(self) -> str:
        return f"Vault(keys={sorted(self._ciphers)})"

    def seal(self, text: str, place: Place) -> Sealed:
        """Seal a text for its place. Lone surrogates, legal in JSON, are kept as they are."""
        nonce = secrets.token_bytes(NONCE_LENGTH)
        plain = text.encode("utf-8", errors="surrogatepass")
        box = self._ciphers[self._newest].encrypt(nonce, plain, place.associated())
        return Sealed(bytes((FORMAT, self._newest)) + nonce + box)

    def open(self, sealed: Sealed, place: Place) -> str:
        """Open a box in its place; raises Tampered when it is not what was sealed there."""
        head, nonce, box = sealed.box[:2], sealed.box[2 : 2 + NONCE_LENGTH], sealed.box[2 + NONCE_LENGTH :]
        if len(head) < 2 or head[0] != FORMAT or head[1] not in self._ciphers:  # noqa: PLR2004  # format and key
            raise Tampered(Tampered.__doc__)
        try:
            plain = self._ciphers[head[1]].decrypt(nonce, box, place.associated())
        except (InvalidTag, ValueError) as error:
            raise Tampered(Tampered.__doc__) from error
        return plain.decode("utf-8", errors="surrogatepass")

    def marks(self, text: str, *, purpose: str) -> tuple[str, ...]:
        """Under what a sealed text is found again without opening every box: one mark for each key, the newest first.

        The first one is kept; to look up, any of them counts. Without a key nobody can tell what was marked, or try.
        """
        marked = f"{purpose}|{text}".encode("utf-8", errors="surrogatepass")
        return tuple(f"{n}:{hmac.digest(key, marked, hashlib.sha256).hex()}" for n, key in self._markers.items())


def _marker(key: bytes) -> bytes:
    """A key of its own for marks: what seals is used for nothing else."""
    return HKDF(algorithm=SHA256(), length=KEY_LENGTH, salt=None, info=b"marks").derive(key)


def new_key(number: int = 1) -> str:
    """A fresh key as one line of a key file: its number, a colon, 32 random bytes in base64."""
    return f"{number}:{base64.b64encode(secrets.token_bytes(KEY_LENGTH)).decode()}"


def parse_keys(text: str) -> dict[int, bytes]:
    """Read a key ring, one key a line or separated by commas; raises BadKey."""
    keys: dict[int, bytes] = {}
    for line in text.replace(",", "\n").split():
        number, _, encoded = line.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise BadKey(BadKey.__doc__) from error
        numbered = number.isascii() and number.isdigit() and int(number) <= HIGHEST_NUMBER
        if not numbered or len(key) != KEY_LENGTH:
            raise BadKey(BadKey.__doc__)
        keys[int(number)] = key
    if not keys:
        raise BadKey(BadKey.__doc__)
    return keys
