"""Which sentences a file holds, and what is said about a file that holds none."""

from pathlib import Path

import pytest

from benchmarks.replies.sentences import CannotRead, Reading, Sentence, in_parts, read_sentences

ONE = Sentence(row=2, parts=("I felt heard, mostly",))
ONLY_ONE = Reading(rows=1, sentences=(ONE,), empty=0, commands=0, too_long=0, with_nul=0)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('who,text\nAna,"I felt heard, mostly"\n', id="commas"),
        pytest.param("who;text\nAna;I felt heard, mostly\n", id="semicolons"),
        pytest.param('"who";"text"\n"Ana";"I felt heard, mostly"\n', id="semicolons, all quoted"),
        pytest.param("who\ttext\nAna\tI felt heard, mostly\n", id="tabs"),
        pytest.param('who,text\r\nAna,"I felt heard, mostly"\r\n', id="lines as on Windows"),
        pytest.param('\ufeffwho,text\nAna,"I felt heard, mostly"\n', id="byte order mark"),
        pytest.param('\ufefftext\n"I felt heard, mostly"', id="byte order mark on the column itself"),
    ],
)
def test_a_sentence_is_read_whatever_wrote_the_file(tmp_path: Path, content: str) -> None:
    assert read_sentences(written(tmp_path, content), column="text") == ONLY_ONE


def test_rows_that_are_no_sentence_are_counted_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    file = written(tmp_path, 'who,text\nAna,one\nBen\n\nAna, \t \nBen,/leave now\nAna,"two\nlines"\nBen,a\0b\n')

    reading = read_sentences(file, column="text")

    assert reading == Reading(
        rows=7,
        sentences=(
            Sentence(row=2, parts=("one",)),
            Sentence(row=7, parts=("two\nlines",)),
            Sentence(row=8, parts=("a\0b",)),
        ),
        empty=3,
        commands=1,
        too_long=0,
        with_nul=1,
    )


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("either/or is not for me", id="a slash between words"),
        pytest.param("/ 10", id="a slash alone"),
        pytest.param("7/10", id="a fraction"),
    ],
)
def test_a_slash_does_not_make_a_command(tmp_path: Path, words: str) -> None:
    reading = read_sentences(written(tmp_path, f"text\n{words}\n"), column="text")

    assert reading.sentences == (Sentence(row=2, parts=(words,)),)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"who,words\nAna,hello\n", "has no column text; it has who, words.", id="another column"),
        pytest.param(b"", "is empty", id="nothing at all"),
        pytest.param(b"text\n", "no sentence that could be sent", id="a header alone"),
        pytest.param(b"text\n \n/pause\n", "no sentence that could be sent", id="blanks and commands alone"),
        pytest.param("text\nol\xe9\n".encode("latin-1"), "is not UTF-8 (byte 7)", id="Latin-1"),
        pytest.param("text\nhello\n".encode("utf-16"), "is not UTF-8", id="UTF-16 with its mark"),
        pytest.param("text\nhello\n".encode("utf-16-le"), "NULs in its header", id="UTF-16 without its mark"),
        pytest.param(b'text\n"never closed\nhello\n', "no readable CSV near line", id="an open quote"),
        pytest.param(b"text\n" + b"x" * 1_000_001, "no readable CSV near line", id="a cell of a megabyte"),
    ],
)
def test_a_file_without_sentences_is_refused_in_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "comments.csv"
    file.write_bytes(content)

    with pytest.raises(CannotRead) as refused:
        read_sentences(file, column="text")

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_is_not_there_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotRead, match="cannot be read"):
        read_sentences(tmp_path / name, column="text")


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        pytest.param("x" * 4096, [4096], id="exactly full"),
        pytest.param("x" * 4097, [4096, 1], id="one too many"),
        pytest.param("\N{SEEDLING}" * 2048, [2048], id="full of pairs"),
        pytest.param("x" + "\N{SEEDLING}" * 2048, [2048, 1], id="no pair is cut in two"),
        pytest.param("x" * 4096 + " " * 5000 + "y", [4096, 905], id="a blank part is not sent"),
    ],
)
def test_a_long_text_is_sent_in_parts(text: str, lengths: list[int]) -> None:
    assert [len(part) for part in in_parts(text)] == lengths


def test_nothing_is_lost_between_parts() -> None:
    text = "".join(chr(code) for code in range(0x20, 0x110000, 89) if not 0xD800 <= code <= 0xDFFF)

    assert "".join(in_parts(text)) == text


def written(folder: Path, content: str) -> Path:
    file = folder / "comments.csv"
    file.write_bytes(content.encode())
    return file
