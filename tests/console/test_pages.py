"""What staff do on each page, and what comes of it in the clinic."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage import crash_points, flags, invitations, leaves, people, reach, roster, rota, visits
from storage.crash_points import AFTER, BEFORE
from storage.tables import AuditEntry, Base, Enrolment, Flag, Outgoing
from tests.console.house import NOW, ODD, House

TUESDAY = "2026-03-17T10:00"


async def enrolment(house: House, code_name: str) -> Enrolment:
    async with house.database.reading() as session:
        found = await session.get(Enrolment, house.ids[code_name])
    assert found is not None
    return found


async def rows(house: House, table: type[Base]) -> Sequence[Any]:  # Any: rows of whichever table is asked for
    async with house.database.reading() as session:
        return (await session.scalars(select(table))).all()


async def test_today_says_who_is_asked_and_who_cannot_be_reached(house: House) -> None:
    async with house.database.writing() as session:
        await people.mark_blocked(session, house.ids["MAPLE-02"], at=NOW - timedelta(days=1))

    kim, cole = await house.browser("KIM"), await house.browser("COLE")
    page, own = (await kim.looks("/")).text, (await cole.looks("/")).text

    assert "out of reach in Telegram since yesterday" in page
    assert re.search(r"<dt>later today</dt><dd>3</dd>", page)
    assert "MAPLE-02" not in own
    assert "1 flag that nobody has looked at" in own
    assert re.search(r"<dt>later today</dt><dd>2</dd>", own)


async def test_patients_without_a_team_stand_on_the_coordinator_s_day(house: House) -> None:
    kim = await house.browser("KIM")
    assert "No team" not in (await kim.looks("/")).text

    await kim.sends("/team/end", person=str(house.ids["DAY"]), sure="yes")

    page = (await kim.looks("/")).text
    assert "MAPLE-02" in page[page.index("No team") :]


async def test_thousands_are_found_left_to_some_and_paged_through_once_each(house: House) -> None:
    async with house.database.writing() as session:
        for number in range(120):
            person = await people.add(
                session, code_name=f"OAK-{number:03}", name=None, language="en", zone="UTC", now=NOW
            )
            state, due = ("invited", None) if number % 2 else ("active", NOW + timedelta(hours=number % 5))
            session.add(
                Enrolment(
                    patient_id=person.id,
                    clinician_id=house.ids["DAY"],
                    state=state,
                    step="done",
                    rules=[],
                    at=[],
                    starts_on=NOW.date(),
                    next_due_at=due,
                )
            )
    kim = await house.browser("KIM")

    for order in ("code", "next"):
        seen: list[str] = []
        address = f"/patients?q=oak&order={order}"
        while address:
            page = (await kim.looks(address)).text
            seen += re.findall(r"<bdi>(OAK-\d+)</bdi>", page)
            onward = re.search(r'href="/console(/patients\?[^"]*after=[^"]*)">Next page', page)
            address = onward[1].replace("&amp;", "&") if onward else ""
        assert (len(seen), len(set(seen))) == (120, 120)
        assert order == "next" or seen == sorted(seen)
    assert "60 patients" in (await kim.looks("/patients?q=oak&state=invited")).text
    assert "1 patient<" in (await kim.looks("/patients?q=birch")).text
    assert "2 patients" in (await kim.looks(f"/patients?with={house.ids['COLE']}")).text


async def test_a_patient_is_found_by_the_id_that_the_clinic_itself_gives_and_another_s_is_not(house: House) -> None:
    async with house.database.writing() as session:
        roster.keep(session, house.ids["MAPLE-02"], clinic_id="A-17", cells={}, now=NOW)
    kim, cole, day = await house.browser("KIM"), await house.browser("COLE"), await house.browser("DAY")

    found = [(await each.looks("/patients?q=a-17")).text for each in (kim, day)]
    others = [(await cole.looks("/patients?q=a-17")).text, (await kim.looks("/patients?q=a-1")).text]

    assert all("MAPLE-02" in page and "<bdi>A-17</bdi>" in page for page in found)
    assert not any("MAPLE-02" in page for page in others)


async def test_whose_invitation_has_run_out_stands_on_the_day_until_there_is_another_link(house: House) -> None:
    kim = await house.browser("KIM")
    await kim.sends("/invite", role="patient", code_name="ELM-03", clinician=str(house.ids["DAY"]))
    with_a_link = (await kim.looks("/")).text

    house.later(timedelta(days=15))
    kim, day = await house.browser("KIM"), await house.browser("DAY")
    pages = [(await each.looks("/")).text for each in (kim, day)]

    assert "Without a link that works" not in with_a_link
    assert all("ELM-03" in page[page.index("Without a link that works") :] for page in pages)


@pytest.mark.parametrize("to", ["discharged", "transferred", "deceased"])
async def test_from_the_moment_taking_part_ends_nothing_more_is_sent(house: House, to: str) -> None:
    kim, birch = await house.browser("KIM"), house.ids["BIRCH-07"]

    unsure = await kim.sends(f"/patients/{birch}/state", to=to)
    done = await kim.sends(f"/patients/{birch}/state", to=to, sure="yes")

    assert (unsure.status_code, done.headers["location"]) == (400, f"/console/patients/{birch}?done=state")
    after = await enrolment(house, "BIRCH-07")
    assert (after.state, after.next_due_at) == (to, None)
    again = await kim.sends(f"/patients/{birch}/state", to="active")
    assert (again.status_code, f"is {to}" in again.text) == (422, True)


async def test_check_ins_are_held_and_go_on(house: House) -> None:
    cole, birch = await house.browser("COLE"), house.ids["BIRCH-07"]

    early = await cole.sends(f"/patients/{birch}/hold", reason="hospital", until="2026-03-01")
    await cole.sends(f"/patients/{birch}/hold", reason="hospital", until="2026-03-20")
    held, page = await enrolment(house, "BIRCH-07"), (await cole.looks(f"/patients/{birch}")).text
    await cole.sends(f"/patients/{birch}/lift")

    assert (early.status_code, "comes after the first day held" in early.text) == (422, True)
    assert (held.state, held.next_due_at) == ("on_hold", None)
    assert "Check-ins go on: 20 March." in page
    assert (await enrolment(house, "BIRCH-07")).state == "active"
    said = [row for row in await rows(house, Outgoing) if row.person_id == birch]
    assert len(said) == 2
    assert len(house.nudges) >= 2


async def test_a_cadence_is_seen_before_it_is_saved_and_becomes_what_was_seen(house: House) -> None:
    kim, birch = await house.browser("KIM"), house.ids["BIRCH-07"]

    page = (await kim.looks(f"/patients/{birch}?preset=daily&at=09:30")).text
    dates = re.findall(r"<li><time datetime=\"([^\"]+)\">", page[page.index("This would mean") :])
    before = await enrolment(house, "BIRCH-07")
    await kim.sends(f"/patients/{birch}/cadence", preset="daily", at="09:30")
    after = await enrolment(house, "BIRCH-07")

    assert before.rules == ["FREQ=WEEKLY;BYDAY=MO,TH"]
    assert (after.rules, after.at) == (["FREQ=DAILY"], ["09:30"])
    assert after.next_due_at is not None
    assert after.next_due_at.isoformat() == dates[0]
    assert (await kim.sends(f"/patients/{birch}/cadence", preset="hourly")).status_code == 400


async def test_a_visit_is_planned_marked_and_called_off(house: House) -> None:
    kim, birch = await house.browser("KIM"), house.ids["BIRCH-07"]

    past = await kim.sends(f"/patients/{birch}/visit", at="2026-03-01T10:00")
    skipped = await kim.sends(f"/patients/{birch}/visit", at="2026-03-29T02:30")
    await kim.sends(f"/patients/{birch}/visit", at=TUESDAY)
    async with house.database.reading() as session:
        (visit,) = await visits.of_patient(session, birch)
    other = await kim.sends(f"/patients/{house.ids[ODD]}/settle-visit", visit=str(visit.id), **{"as": "cancelled"})
    await kim.sends(f"/patients/{birch}/settle-visit", visit=str(visit.id), **{"as": "cancelled"})

    assert (past.status_code, skipped.status_code, other.status_code) == (422, 422, 404)
    assert visit.starts_at.isoformat() == "2026-03-17T09:00:00+00:00"  # on the patient's wall in Madrid
    async with house.database.reading() as session:
        (visit,) = await visits.of_patient(session, birch)
    assert visit.state == "cancelled"


async def test_a_patient_is_given_to_another_clinician(house: House) -> None:
    kim, cole, day = await house.browser("KIM"), await house.browser("COLE"), await house.browser("DAY")
    birch = house.ids["BIRCH-07"]

    await kim.sends(f"/patients/{birch}/give", clinician=str(house.ids["DAY"]))

    assert (await cole.looks(f"/patients/{birch}")).status_code == 404
    assert (await day.looks(f"/patients/{birch}")).status_code == 200
    assert (await kim.sends(f"/patients/{birch}/give", clinician=str(house.ids["KIM"]))).status_code == 404


async def test_whoever_arranges_care_sees_no_answers_no_flags_and_no_words(house: House) -> None:
    kim, cole, birch = await house.browser("KIM"), await house.browser("COLE"), house.ids["BIRCH-07"]

    arranged, own = [(await each.looks(f"/patients/{birch}")).text for each in (kim, cole)]

    for told in ("<svg", "possible withdrawal", "Walk to the lake", "What the patient wrote"):
        assert (told in arranged, told in own) == (False, True), told
    assert (await kim.looks(f"/patients/{birch}/words")).status_code == 403
    assert "answered" in arranged


async def test_one_press_on_a_flag_counts_once_and_the_patient_hears_that_it_was_read(house: House) -> None:
    cole = await house.browser("COLE")
    (flag,) = await rows(house, Flag)

    done = await cole.sends(f"/flags/{flag.id}", action="raise", back=f"/console/patients/{flag.patient_id}")
    again = await cole.sends(f"/flags/{flag.id}", action="reviewed")
    odd = await cole.sends(f"/flags/{flag.id}", action="delete")
    unknown = await cole.sends("/flags/999", action="not")

    assert done.headers["location"] == f"/console/patients/{flag.patient_id}?done=raise"
    assert again.headers["location"] == "/console/flags?done=flag_before"
    assert (odd.status_code, unknown.status_code) == (400, 404)
    async with house.database.reading() as session:
        acted = await flags.actions(session, flag.id)
    assert [(one.person_id, one.action) for one in acted] == [(house.ids["COLE"], "raise")]
    assert [row.key.partition(":")[0] for row in await rows(house, Outgoing)] == ["was_read"]


async def test_a_leave_is_planned_covered_and_called_off(house: House) -> None:
    kim, day = await house.browser("KIM"), await house.browser("DAY")
    cole = str(house.ids["COLE"])

    wrong = await kim.sends("/team/leave", person=cole, starts="2026-03-01")
    await kim.sends("/team/leave", person=cole, starts="2026-03-16", back="2026-03-20", cover=str(house.ids["DAY"]))
    covers = (await day.looks(f"/patients/{house.ids['BIRCH-07']}")).text
    team = (await kim.looks("/team")).text
    async with house.database.reading() as session:
        (leave,) = await leaves.not_over(session, now=NOW)
    await kim.sends("/team/leave-over", leave=str(leave.id))

    assert (wrong.status_code, "A leave begins today or later." in wrong.text) == (422, True)
    assert leave.back_on == date(2026, 3, 20)
    assert "DAY reads the digest." in team
    assert "possible withdrawal" in covers
    assert (await day.looks(f"/patients/{house.ids['BIRCH-07']}")).status_code == 404


async def test_who_is_paged_is_set_by_those_who_may(house: House) -> None:
    lee = await house.browser("LEE")
    cole, day = str(house.ids["COLE"]), str(house.ids["DAY"])

    await lee.sends("/team/on-call", **{"place-1": day, "place-2": "", "place-3": cole, "place-4": day})
    no_pager = await lee.sends("/team/on-call", **{"place-1": str(house.ids["ADA"])})
    shift = {"from": "2026-03-20T18:00", "until": "2026-03-20T08:00"}
    backwards = await lee.sends("/team/shift", person=cole, **shift)
    await lee.sends("/team/shift", person=cole, **{**shift, "until": "2026-03-21T08:00"})

    async with house.database.reading() as session:
        order, planned = await people.on_call(session), await rota.not_over(session, now=NOW)
    assert order == (house.ids["DAY"], house.ids["COLE"])
    assert (no_pager.status_code, backwards.status_code, len(planned)) == (422, 422, 1)
    await lee.sends("/team/shift-over", shift=str(planned[0].id))
    async with house.database.reading() as session:
        assert await rota.not_over(session, now=NOW) == []


async def test_an_invitation_is_shown_once_with_its_code_and_can_be_taken_back(house: House) -> None:
    kim = await house.browser("KIM")
    form = {"role": "patient", "code_name": "ELM-01", "clinician": str(house.ids["DAY"]), "phone": "+34 600 000 001"}

    made = await kim.sends("/invite", **form)
    link = re.search(r"https://t\.me/almond_bot\?start=([\w-]+)", made.text)
    listed = (await kim.looks("/invite")).text
    taken = await kim.sends("/invite", role="patient", code_name="COLE", clinician=str(house.ids["DAY"]))

    assert link is not None
    assert "<svg" in made.text
    assert re.search(r"<svg[^>]* viewBox=[^>]*>", made.text)  # grows with the page, so that a camera can read it
    assert not re.search(r"<svg[^>]* width=", made.text)
    assert "ELM-01" in listed
    assert link[1] not in listed
    assert (taken.status_code, 'value="COLE"' in taken.text) == (422, True)
    async with house.database.reading() as session:
        person = await people.by_code_name(session, "ELM-01")
        assert person is not None
        assert await reach.contact(session, person.id) == {"phone": "+34 600 000 001"}
    await kim.sends("/invite/revoke", person=str(person.id))
    async with house.database.writing() as session:
        assert await invitations.claim(session, link[1], now=NOW) is None


async def test_the_digest_of_a_day_is_read_where_it_is_due_and_by_nobody_else(house: House) -> None:
    cole, day = await house.browser("COLE"), await house.browser("DAY")
    address = f"/digest/{house.ids['COLE']}"

    page = (await cole.looks(f"{address}/now")).text
    missing = [(await cole.looks(f"{address}/{on}")).status_code for on in ("2026-03-02", "soon", "2026-13-01")]

    assert "BIRCH-07" in page
    assert missing == [404, 400, 400]
    assert (await day.looks(f"{address}/now")).status_code == 404


async def test_health_and_settings_say_what_is_and_no_secret(house: House) -> None:
    ada, lee = await house.browser("ADA"), await house.browser("LEE")

    health, settings = (await ada.looks("/health")).text, (await lee.looks("/settings")).text

    assert "There was never one" in health
    assert "CHECKIN_EMERGENCY_NUMBER" in settings
    assert "Nobody has said until when these are checked." in settings
    assert "TOKEN" not in settings
    assert "not yet approved by your clinic" in settings


async def test_each_reads_in_their_own_language_and_a_stranger_in_the_browser_s(house: House) -> None:
    async with house.database.writing() as session:
        (await people.get(session, house.ids["KIM"])).language = "es"
    kim, nobody = await house.browser("KIM"), await house.browser()

    assert '<html lang="es">' in (await kim.looks("/patients")).text
    assert "Pacientes" in (await kim.looks("/patients")).text
    assert "Abrir" not in (await nobody.looks("/sign-in")).text
    assert "Entrar" in (await nobody.looks("/sign-in", **{"accept-language": "fr, es-MX;q=0.8"})).text


async def test_what_nobody_understands_is_answered_with_what_could_be_and_nothing_is_kept(house: House) -> None:
    kim = await house.browser("KIM")

    looked = (await kim.client.get("/console/programmes", params={"name": "Odd", "words": "every blue moon"})).text
    sent = await kim.sends("/programmes", name="Odd", words="every blue moon")

    assert 'class="note refused"' in looked
    assert (sent.status_code, "every blue moon" in sent.text) == (422, True)
    assert "Kept programmes" not in (await kim.looks("/programmes")).text


async def test_a_change_of_many_is_exactly_what_was_looked_at_or_nothing(house: House) -> None:
    kim, birch = await house.browser("KIM"), house.ids["BIRCH-07"]
    await kim.sends("/programmes", name="First weeks", words="daily at 09:15")
    choice = {"programme": "First weeks", "state": "active", "count_from": "today", "with": "", "q": ""}

    page = (await kim.client.get("/console/programmes/change", params=choice)).text
    mark = re.search(r'name="mark" value="(\w+)"', page)
    assert mark is not None
    await kim.sends(f"/patients/{birch}/state", to="discharged", sure="yes")
    late = await kim.sends("/programmes/change", mark=mark[1], **choice)
    forged = await kim.sends("/programmes/change", mark="0", **choice)
    before = await enrolment(house, "MAPLE-02")
    page = (await kim.client.get("/console/programmes/change", params=choice)).text
    mark = re.search(r'name="mark" value="(\w+)"', page)
    assert mark is not None
    row = page[page.index("MAPLE-02") :]
    shown = re.findall(r'<time datetime="([^"]+)">', row[row.index("</td>") : row.index("</tr>")])
    done = await kim.sends("/programmes/change", mark=mark[1], **choice)

    assert (late.status_code, forged.status_code) == (422, 422)
    assert before.next_due_at == NOW.replace(hour=17)
    assert done.headers["location"] == "/console/programmes?done=moved"
    after = await enrolment(house, "MAPLE-02")
    assert after.next_due_at is not None
    assert after.next_due_at.isoformat() == shown[0]
    assert (await enrolment(house, "BIRCH-07")).next_due_at is None


class Died(BaseException):
    """The process is no more."""


@pytest.mark.parametrize(("when", "state"), [(BEFORE, "active"), (AFTER, "discharged")])
async def test_whenever_the_process_dies_a_form_has_done_all_of_it_or_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, when: str, state: str
) -> None:
    kim, birch = await house.browser("KIM"), house.ids["BIRCH-07"]

    def reached(here: str, what: str) -> None:
        if (here, what) == (when, "console"):
            raise Died

    monkeypatch.setattr(crash_points, "reached", reached)
    with pytest.raises(Died):
        await kim.sends(f"/patients/{birch}/state", to="discharged", sure="yes")

    after = await enrolment(house, "BIRCH-07")
    noted = [row.action for row in await rows(house, AuditEntry)]
    assert (after.state, after.next_due_at is None) == (state, state == "discharged")
    assert ("enrolment_changed" in noted) is (state == "discharged")
