"""How alerts went, from the shell: times and outcomes, how to reach the person where somebody asks, never words."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from alliance.people import Role
from storage import alerts, people, reach
from storage.database import Database
from storage.tables import Alert, AuditEntry
from tests.bot.command_line import Terminal, terminal_for


@pytest.fixture
async def terminal(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: datetime) -> Terminal:
    """Three alerts: one of Ana's that held, a stranger's that did not, and one of Ana's that is open."""
    async with database.writing() as session:
        cole = await people.add(session, code_name="COLE", name=None, language="en", zone="UTC", now=moment)
        ana = await people.add(session, code_name="BIRCH-07", name="Ana", language="en", zone="UTC", now=moment)
        await people.give_role(session, cole.id, Role.CLINICIAN, now=moment)
        await reach.set_contact(session, ana.id, phone="+34 600 000 001")
        for days, patient, seconds, resolution in (
            (0, ana.id, (1, 60, 600), "contact_made"),
            (1, None, (3, 120, 1200), "not_a_crisis"),
            (2, ana.id, (2, None, None), None),
        ):
            raised = moment + timedelta(days=days)
            paged, taken, closed = [None if one is None else raised + timedelta(seconds=one) for one in seconds]
            await alerts.raise_alert(
                session,
                Alert(
                    patient_id=patient,
                    chat_id=70 + days,
                    cause="suicide",
                    degree="now",
                    why="",
                    rule="en.suicide.want_to_die",
                    rules_version="v1",
                    message_row=None,
                    written_at=raised - timedelta(seconds=1),
                    raised_at=raised,
                    state="resolved" if closed else "raised",
                    rung=1,
                    next_page_at=None,
                    first_paged_at=paged,
                    acknowledged_by=cole.id if taken else None,
                    acknowledged_at=taken,
                    resolution=resolution,
                    resolved_at=closed,
                ),
            )
    return terminal_for(database, tmp_path, monkeypatch)


async def test_a_list_says_how_each_went_and_how_long_things_took(terminal: Terminal) -> None:
    shown, listed = await terminal.run("alerts"), await terminal.run("alerts", "list", "--json")

    assert (shown.status, shown.err) == (0, "")
    lines = shown.out.splitlines()
    assert "BIRCH-07     suicide, now: written 2026-03-02 07:59:59 UTC, raised 2026-03-02 08:00:00 UTC" in lines[0]
    assert lines[0].endswith(
        "dispatched after 1.0 s, acknowledged after 60.0 s by COLE, closed after 600.0 s: resolved (contact_made)"
    )
    assert lines[2].endswith("dispatched after 2.0 s, acknowledged after - by -, closed after -: raised")
    assert lines[3] == "dispatched, of 3: half within 2.0 s, nine of ten within 3.0 s, longest 3.0 s"
    assert lines[4] == "acknowledged, of 2: half within 60.0 s, nine of ten within 120.0 s, longest 120.0 s"
    found = json.loads(listed.out)
    assert found["seconds"]["closed"] == {"count": 2, "p50": 600.0, "p90": 1200.0, "longest": 1200.0}
    assert [alert["resolution"] for alert in found["alerts"]] == ["contact_made", "not_a_crisis", None]
    assert "+34" not in shown.out + listed.out
    assert "Ana" not in shown.out + listed.out


async def test_the_list_can_be_of_open_ones_or_of_a_time(terminal: Terminal) -> None:
    is_open = json.loads((await terminal.run("alerts", "--open", "--json")).out)
    later = json.loads((await terminal.run("alerts", "--since", "2026-03-03T09:00+01:00", "--json")).out)

    assert [alert["code_name"] for alert in is_open["alerts"]] == ["BIRCH-07"]
    assert [alert["code_name"] for alert in later["alerts"]] == ["-", "BIRCH-07"]
    assert is_open["seconds"]["closed"] is None
    assert (await terminal.run("alerts", "--since", "2027-03-03T09:00Z")).out == "There are no alerts.\n"


async def test_one_is_shown_with_the_way_to_reach_the_person_and_that_is_noted(
    database: Database, terminal: Terminal
) -> None:
    shown = await terminal.run("alerts", "show", "1")
    stranger = await terminal.run("alerts", "show", "2")

    assert "name: Ana\nphone: +34 600 000 001\n" in shown.out
    assert "Nothing is known but the chat." in stranger.out
    async with database.reading() as session:
        rows = await session.execute(select(AuditEntry.action, AuditEntry.object_id).order_by(AuditEntry.id))
        assert rows.all() == [("alert_shown_at_the_shell", 1), ("alert_shown_at_the_shell", 2)]


async def test_the_precision_of_each_rule(terminal: Terminal) -> None:
    shown = await terminal.run("alerts", "--precision")
    listed = await terminal.run("alerts", "--precision", "--json")

    assert shown.out == "en.suicide.want_to_die (v1): 1 of 2 held, 50%; 1 not settled\n"
    assert json.loads(listed.out) == [
        {
            "rule": "en.suicide.want_to_die",
            "rules_version": "v1",
            "held": 1,
            "false": 1,
            "unsettled": 1,
            "precision": 0.5,
        }
    ]


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        pytest.param(("show", "99"), 1, "There is no alert of that number.", id="unknown number"),
        pytest.param(("--since", "yesterday"), 2, "--since: 'yesterday' is not a moment", id="no moment"),
        pytest.param(("--precision", "--open"), 2, "without --open", id="precision of open ones"),
    ],
)
async def test_what_makes_no_sense_is_one_sentence(
    terminal: Terminal, words: tuple[str, ...], status: int, says: str
) -> None:
    ran = await terminal.run("alerts", *words)

    assert (ran.status, ran.out, ran.err.count("\n")) == (status, "", 1)
    assert says in ran.err
