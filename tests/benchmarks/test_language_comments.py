"""Labelled comments are read with their labels, or refused with one clear sentence."""

from pathlib import Path

import pytest

from benchmarks.language.comments import (
    WRITTEN_FOR_TESTING,
    WRITTEN_FOR_TRAINING,
    WRITTEN_IN_SPANISH,
    CannotRead,
    read_comments,
    read_written,
)

HEAD = "respondent,question,text,sentiment,bond_theme,task_theme\n"


def comments_file(folder: Path, text: str) -> Path:
    file = folder / "comments.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_comment_is_read_with_its_service_and_labels(tmp_path: Path) -> None:
    file = comments_file(tmp_path, f'\ufeff{HEAD}WARD B 12,Why?,"Rude, and late",4,1,0\nGP 3,Why?,Fine,3,1,0\n')

    rude, fine = read_comments(file)

    assert (rude.service, rude.text, rude.concern, rude.bond_concern) == ("WARD B", "Rude, and late", True, True)
    assert (fine.service, fine.concern, fine.bond, fine.bond_concern) == ("GP", False, True, False)
    assert not rude.task_concern


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("text,sentiment\nFine,1\n", "no column respondent, question", id="columns missing"),
        pytest.param(f"{HEAD}GP 1,Why?,Fine,9,0,0\n", "comments.csv:2: sentiment is 1 to 5", id="no such sentiment"),
        pytest.param(f"{HEAD}GP 1,Why?,Fine,1,yes,0\n", "themes are 0 or 1", id="no such theme"),
        pytest.param(HEAD, "holds no comments", id="empty"),
    ],
)
def test_a_file_that_says_something_else_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CannotRead, match=said):
        read_comments(comments_file(tmp_path, text))


def test_without_a_file_the_way_to_give_one_is_said() -> None:
    with pytest.raises(CannotRead, match="--comments FILE"):
        read_comments(None)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="nowhere"):
        read_comments(tmp_path / "nowhere.csv")


def test_what_was_written_for_testing_was_not_written_for_training() -> None:
    learned = {comment.text.casefold().strip(" .") for comment in read_written(WRITTEN_FOR_TRAINING)}

    assert [c.text for c in read_written(WRITTEN_FOR_TESTING) if c.text.casefold().strip(" .") in learned] == []


@pytest.mark.parametrize("file", [WRITTEN_FOR_TESTING, WRITTEN_FOR_TRAINING, WRITTEN_IN_SPANISH])
def test_written_comments_are_of_three_kinds_of_care_with_and_without_concern(file: Path) -> None:
    written = read_written(file)

    assert {comment.service for comment in written} == {"mental_health", "gp", "hospital"}
    assert {(comment.concern, comment.bond, comment.task) for comment in written} >= {
        (True, True, False),
        (True, False, True),
        (True, False, False),
        (False, True, False),
        (False, False, False),
    }
