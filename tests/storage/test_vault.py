"""Tests of storage.vault: a box opens unchanged, in its place, with its key, and in no other way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.columns import Sealed
from storage.vault import KEY_LENGTH, BadKey, Place, Tampered, Vault, new_key, parse_keys

ANA = Place(table="messages", column="words", row=7, person=1)
KEYS = {1: b"a" * 32, 2: b"b" * 32}
ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates too: JSON may hold them


@given(ANY_TEXT)
def test_what_was_sealed_comes_back(words: str) -> None:
    vault = Vault(KEYS)

    assert vault.open(vault.seal(words, ANA), ANA) == words


@given(words=ANY_TEXT, where=st.integers(min_value=0), bit=st.integers(0, 7))
def test_one_changed_bit_is_noticed(words: str, where: int, bit: int) -> None:
    box = bytearray(Vault(KEYS).seal(words, ANA).box)
    box[where % len(box)] ^= 1 << bit

    with pytest.raises(Tampered):
        Vault(KEYS).open(Sealed(bytes(box)), ANA)


@given(words=ANY_TEXT, kept=st.floats(0, 1, exclude_max=True))
def test_a_box_cut_short_is_noticed(words: str, kept: float) -> None:
    box = Vault(KEYS).seal(words, ANA).box

    with pytest.raises(Tampered):
        Vault(KEYS).open(Sealed(box[: int(len(box) * kept)]), ANA)


@pytest.mark.parametrize(
    "elsewhere",
    [
        pytest.param(Place(table="answers", column="words", row=7, person=1), id="another table"),
        pytest.param(Place(table="messages", column="name", row=7, person=1), id="another column"),
        pytest.param(Place(table="messages", column="words", row=8, person=1), id="another row"),
        pytest.param(Place(table="messages", column="words", row=7, person=2), id="another person"),
        pytest.param(Place(table="messages", column="words", row=7, person=None), id="nobody"),
    ],
)
def test_a_box_moved_to_another_place_is_noticed(elsewhere: Place) -> None:
    vault = Vault(KEYS)

    with pytest.raises(Tampered):
        vault.open(vault.seal("I am well", ANA), elsewhere)


def test_a_box_does_not_open_with_another_key_of_that_number() -> None:
    sealed = Vault({1: b"a" * 32}).seal("I am well", ANA)

    with pytest.raises(Tampered):
        Vault({1: b"z" * 32}).open(sealed, ANA)


def test_a_box_does_not_open_without_its_key() -> None:
    sealed = Vault(KEYS).seal("I am well", ANA)

    with pytest.raises(Tampered):
        Vault({1: KEYS[1]}).open(sealed, ANA)


def test_a_box_of_the_old_key_opens_beside_a_new_one() -> None:
    sealed = Vault({1: KEYS[1]}).seal("I am well", ANA)

    assert Vault(KEYS).open(sealed, ANA) == "I am well"


def test_the_same_words_never_make_the_same_box() -> None:
    vault = Vault(KEYS)

    assert len({vault.seal("I am well", ANA).box for _ in range(100)}) == 100


def test_neither_key_nor_box_shows_itself() -> None:
    vault = Vault(KEYS)

    assert repr(vault) == "Vault(keys=[1, 2])"
    assert repr(vault.seal("I am well", ANA)) == "Sealed(...)"


def test_a_new_key_can_be_read() -> None:
    line = new_key(3)

    assert list(parse_keys(line)) == [3]


def test_a_ring_is_read_by_line_and_by_comma() -> None:
    lines = [new_key(number) for number in (1, 2, 3)]

    assert parse_keys("\n".join(lines)) == parse_keys(",".join(lines))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("1:c2hvcnQ=", id="too short"),
        pytest.param(new_key().partition(":")[2], id="no number"),
        pytest.param(new_key(1).replace("1:", "256:"), id="a number that is no byte"),
        pytest.param("1:***", id="no base64"),
    ],
)
def test_a_bad_key_is_refused(text: str) -> None:
    with pytest.raises(BadKey):
        parse_keys(text)


@pytest.mark.parametrize("keys", [{}, {1: b"short"}])
def test_a_vault_without_a_whole_key_is_refused(keys: dict[int, bytes]) -> None:
    with pytest.raises(BadKey):
        Vault(keys)


def test_a_mark_finds_a_text_again_and_says_nothing_without_the_key() -> None:
    text, old, both = "a-17", Vault({1: b"k" * KEY_LENGTH}), Vault({1: b"k" * KEY_LENGTH, 2: b"n" * KEY_LENGTH})

    kept = old.marks(text, purpose="clinic id")[0]

    assert kept in both.marks(text, purpose="clinic id")  # a new key leaves everybody to be found
    assert both.marks(text, purpose="clinic id")[0].startswith("2:")
    assert text not in kept
    others = (
        old.marks("a-18", purpose="clinic id"),
        old.marks(text, purpose="calendar event"),
        Vault({1: b"x" * KEY_LENGTH}).marks(text, purpose="clinic id"),
    )
    assert all(kept not in marks for marks in others)
