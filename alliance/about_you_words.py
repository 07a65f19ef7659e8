"""What a digest says about bonds beside that with the own clinician: plain ratings, those before beside them."""

from alliance import digest_words as words
from alliance.digest import AboutYou, Digest
from alliance.names_on_display import shown
from alliance.wording import Wording


def lines(digest: Digest, *, wording: Wording) -> list[str]:
    """A line for each check-in in which the bond with the clinician who reads was asked about."""
    return [_line(line, digest, wording) for line in digest.about_you if line.about is None]


def given(digest: Digest, *, wording: Wording) -> list[str]:
    """A line for each check-in in which it was the bond with a colleague, and the patient has chosen this reader."""
    return [_line(line, digest, wording) for line in digest.about_you if line.about is not None]


def _line(line: AboutYou, digest: Digest, wording: Wording) -> str:
    named = wording(
        "digest.about_you.line" if line.about is None else "digest.about_you.line_with",
        name=shown(line.code_name),
        clinician=line.about or digest.clinician,
        day=words.day(line.on, beside=digest.on, wording=wording),
        said=_said(line, wording),
    )
    before = ", ".join(str(rating) for rating in line.before)
    parts = [named, wording("digest.about_you.before", ratings=before) if before else ""]
    if line.concern is not None:
        concern = wording(f"digest.explained.concern.{line.concern}")
        parts.append(wording("digest.about_you.concern", concern=concern))
    if line.wish is not None:
        parts.append(wording(f"digest.explained.wish.{line.wish}"))
    return " ".join(filter(None, parts))


def _said(line: AboutYou, wording: Wording) -> str:
    if line.rating is None:
        return wording("digest.about_you.skipped")
    return wording("digest.about_you.rated", rating=line.rating, highest=line.highest)
