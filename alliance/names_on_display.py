"""Names that a clinic chose, as they may stand in a line that people trust."""

import re
import unicodedata

LONGEST_NAME = 64  # characters of a name on display; what is longer was not meant as a name

_NEVER_SHOWN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})  # Unicode's categories of the unseen
_LINKS = re.compile(
    r"(?P<at>@)(?=\w)"
    r"|(?P<colon>:)(?=//)"
    r"|(?<=\w)(?P<dot>[.\u3002\uff0e\uff61])(?=\w{2})"  # with the dots that browsers read as one
    r"|(?<![\w/])(?P<command>[/#$])(?=\w)"
)


def shown(name: str) -> str:
    """A name, chosen by the clinic, as it may stand in a line that people trust.

    What cannot be seen is written out as its code point, so that two names never look the same because
    of it; what an app would turn into a link, a mention or a command is taken apart with brackets; a name
    with other than ASCII letters is isolated (U+2068, U+2069) so that it cannot turn its line around.
    One line, never empty, at most LONGEST_NAME characters and the two isolating ones.
    """
    seen = "".join(_seen(character) for character in name)
    plain = _LINKS.sub(r"[\g<0>]", " ".join(seen.split())) or "-"
    if len(plain) > LONGEST_NAME:
        plain = plain[: LONGEST_NAME - 1] + "…"
    return plain if plain.isascii() else f"\u2068{plain}\u2069"


def _seen(character: str) -> str:
    if unicodedata.category(character) in _NEVER_SHOWN:
        return f"<U+{ord(character):04X}>"
    return character
