"""A signature holds for exactly what was signed."""

from dataclasses import replace
from datetime import date

import pytest

from alliance.approval import Decision, Part, Signature, Signed, Standing, Text, everything_is_approved, fingerprint

RULES = {"crisis_en.toml": "language = 'en'\n"}
TEXT = Text(part=Part.CRISIS_RULES, language="en", sha256=fingerprint(RULES))
COLES = Signature(decision=Decision.APPROVED, sha256=TEXT.sha256, by="Dr Cole", on=date(2026, 3, 2))
CHANGED = replace(TEXT, sha256=fingerprint({"crisis_en.toml": "language = 'en'\n\n"}))


@pytest.mark.parametrize(
    ("text", "signature", "standing"),
    [
        pytest.param(TEXT, COLES, Standing.APPROVED, id="as it was signed"),
        pytest.param(TEXT, None, Standing.NEVER, id="never signed"),
        pytest.param(CHANGED, COLES, Standing.CHANGED, id="one line end more than was signed"),
        pytest.param(TEXT, replace(COLES, decision=Decision.WITHDRAWN), Standing.WITHDRAWN, id="withdrawn"),
    ],
)
def test_how_a_text_stands(text: Text, signature: Signature | None, standing: Standing) -> None:
    assert Signed(text=text, signature=signature).standing is standing


def test_one_text_that_is_not_approved_is_enough_for_the_warning() -> None:
    approved, never = Signed(text=TEXT, signature=COLES), Signed(text=TEXT, signature=None)

    assert everything_is_approved([approved])
    assert not everything_is_approved([approved, never])


def test_where_nothing_is_known_nothing_is_approved() -> None:
    assert not everything_is_approved([])


def test_the_order_of_files_is_no_change_and_a_moved_letter_is_one() -> None:
    assert fingerprint({"a": "1", "b": "2"}) == fingerprint({"b": "2", "a": "1"})
    assert len({fingerprint({"a": "12"}), fingerprint({"a1": "2"}), fingerprint({"a": "1", "2": ""})}) == 3


def test_text_that_utf_8_cannot_carry_has_a_fingerprint_too() -> None:
    assert len(fingerprint({"a": "\ud800"})) == 64
