"""Going through the pieces of a sentence from the first to the last; what is not expected is named."""

from collections.abc import Iterable
from typing import NoReturn

from alliance.programme_lexicon import Kind, Piece, cut

SEPARATORS = frozenset({Kind.AND, Kind.CLAUSE})


class Lost(ValueError):
    """A part of a sentence means nothing where it stands; the part is its argument, empty for a missing end."""

    def __init__(self, part: str) -> None:
        """``part`` is what could not be understood."""
        super().__init__(part)
        self.part = part


class Pieces:
    """A sentence in pieces, and how far it has been read; raises Lost."""

    def __init__(self, words: str) -> None:
        """Cut the sentence; a piece that means nothing anywhere is named at once."""
        self._pieces = cut(words)
        self._at = 0
        for piece in self._pieces:
            if piece.kind is Kind.UNKNOWN:
                self.refuse(piece.text)

    def opens(self, kinds: Iterable[Kind]) -> bool:
        """Whether, separators aside, the next piece is one of these."""
        return any(kind in frozenset(kinds) for kind in self.ahead()[:1])

    def follows(self, kind: Kind) -> bool:
        """Whether a piece of this kind comes next, after a comma or "and" at least, and no semicolon."""
        ahead = self._at
        while ahead < len(self._pieces) and self._pieces[ahead].kind is Kind.AND:
            ahead += 1
        return self._at < ahead < len(self._pieces) and self._pieces[ahead].kind is kind

    def sees(self, kind: Kind) -> bool:
        """Whether the very next piece is of this kind."""
        return self._at < len(self._pieces) and self._pieces[self._at].kind is kind

    def skip(self) -> None:
        """Pass over separators."""
        while self._at < len(self._pieces) and self._pieces[self._at].kind in SEPARATORS:
            self._at += 1

    def next(self) -> Piece:
        """The next piece, taken."""
        if self._at == len(self._pieces):
            self.refuse("")
        self._at += 1
        return self._pieces[self._at - 1]

    def take(self, kind: Kind) -> Piece:
        """The next piece, which has to be of this kind."""
        piece = self.next()
        if piece.kind is not kind:
            self.refuse(piece.text)
        return piece

    def rest(self) -> str:
        """What is left, as it was written."""
        return " ".join(piece.text for piece in self._pieces[self._at :])

    def back(self) -> None:
        """Put the piece that was taken last back."""
        self._at -= 1

    def has_ended(self) -> bool:
        """Whether nothing is left."""
        return self._at == len(self._pieces)

    def ahead(self) -> list[Kind]:
        """What the pieces are that are left, separators aside."""
        return [piece.kind for piece in self._pieces[self._at :] if piece.kind not in SEPARATORS]

    def refuse(self, part: str) -> NoReturn:
        """Say that this part means nothing here."""
        raise Lost(part)
