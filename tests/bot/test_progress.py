"""A long command tells how far it has come: a bar for somebody who looks, plain lines for a log, nothing when short."""

import io
import sys

import pytest

from bot.commands.progress import A_LINE_EVERY, in_batches

MANY = range(2 * A_LINE_EVERY + 1)


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def test_in_a_log_it_is_a_line_now_and_then_and_nothing_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    given = [one for some in in_batches(MANY, size=250, doing="Importing") for one in some]

    assert given == list(MANY)
    assert capsys.readouterr().err == ("Importing: 2000 of 4001\nImporting: 4000 of 4001\nImporting: 4001 of 4001\n")


def test_on_a_terminal_it_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")

    given = [one for some in in_batches(MANY, size=250, doing="Importing") for one in some]

    assert given == list(MANY)
    assert "━" in screen.getvalue()
    assert "Importing: " not in screen.getvalue()


@pytest.mark.parametrize("number", [0, 1, 250])
def test_what_is_done_at_once_is_not_told(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    given = [one for some in in_batches(range(number), size=250, doing="Importing") for one in some]

    assert (given, capsys.readouterr().err) == (list(range(number)), "")
