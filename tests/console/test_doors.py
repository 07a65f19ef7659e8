"""Who gets in, who gets which page, and what no request gets past."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from alliance.console import OPENS, Page
from alliance.people import SYSTEM, Role
from bot.settings import WrongSetting, read_settings
from console.guard import HEADERS, LONGEST_BODY
from console.menu import DOORS
from storage import people, sessions
from storage.tables import AuditEntry, Enrolment, SignInLink, StaffSession
from tests.console.house import NOW, ODD, STAFF, WORDS, House
from workflows.reassign import end_staff
from workflows.sign_in import sign_in
from workflows.unit import Unit

GONE = (303, "/console/sign-in")


def unit(house: House, session) -> Unit:  # noqa: ANN001  # the session of whichever room the test has opened
    return Unit(session=session, now=house.now[0], clinic=house.around.clinic, origin="test", actor=SYSTEM)


def where(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.headers.get("location", "")


async def link_for(house: House, code_name: str) -> str:
    async with house.database.writing() as session:
        return await sessions.make_link(
            session, house.ids[code_name], expires_at=house.now[0] + timedelta(minutes=10), now=house.now[0]
        )


async def acts(house: House) -> list[tuple[str, int | None, int | None]]:
    async with house.database.reading() as session:
        rows = await session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.action, row.actor_id, row.object_id) for row in rows]


async def test_a_link_is_used_by_a_press_and_not_by_being_opened_and_works_once(house: House) -> None:
    code = await link_for(house, "KIM")
    nobody = await house.browser()

    opened = await nobody.looks("/sign-in")
    pressed = await nobody.sends("/sign-in", code=f"http://127.0.0.1:8000/console/sign-in#{code}")
    again = await nobody.sends("/sign-in", code=f"#{code}")

    assert opened.status_code == 200
    assert where(pressed) == (303, "/console/")
    cookie = pressed.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/"))
    assert (again.status_code, "does not work any more" in again.text) == (403, True)
    async with house.database.reading() as session:
        kept = list(await session.scalars(select(SignInLink.code_hash)))
        kept += await session.scalars(select(StaffSession.token_hash))
    assert code not in kept
    assert ("signed_in", house.ids["KIM"], house.ids["KIM"]) in await acts(house)


async def test_an_expired_link_and_one_that_never_was_are_told_the_same(house: House) -> None:
    code = await link_for(house, "KIM")
    house.later(timedelta(minutes=10))
    nobody = await house.browser()

    expired = await nobody.sends("/sign-in", code=f"#{code}")
    guessed = await nobody.sends("/sign-in", code="#nonsense")

    assert (expired.status_code, guessed.status_code) == (403, 403)
    assert expired.text == guessed.text


async def test_a_new_link_ends_the_one_before(house: House) -> None:
    first, second = await link_for(house, "KIM"), await link_for(house, "KIM")
    nobody = await house.browser()

    assert (await nobody.sends("/sign-in", code=f"#{first}")).status_code == 403
    assert (await nobody.sends("/sign-in", code=f"#{second}")).status_code == 303


async def test_whoever_guesses_is_not_listened_to_for_a_while(house: House) -> None:
    nobody = await house.browser()
    code = await link_for(house, "KIM")

    tried = [(await nobody.sends("/sign-in", code=f"#{n}")).status_code for n in range(11)]
    right = await nobody.sends("/sign-in", code=f"#{code}")
    house.later(timedelta(minutes=10))
    later = await nobody.sends("/sign-in", code=f"#{await link_for(house, 'KIM')}")

    assert tried == [403] * 10 + [429]
    assert (right.status_code, later.status_code) == (429, 303)


async def test_a_link_of_somebody_who_has_left_opens_nothing(house: House) -> None:
    code = await link_for(house, "DAY")
    async with house.database.writing() as session:
        await end_staff(unit(house, session), await people.get(session, house.ids["DAY"]))

    async with house.database.writing() as session:
        assert await sign_in(unit(house, session), code) is None


@pytest.mark.parametrize(
    ("steps", "still_there"),
    [
        pytest.param((timedelta(minutes=29),), True, id="nearly half an hour"),
        pytest.param((timedelta(minutes=30),), False, id="half an hour away"),
        pytest.param((timedelta(minutes=20),) * 35, True, id="busy for nearly twelve hours"),
        pytest.param((timedelta(minutes=20),) * 36, False, id="busy for twelve hours"),
    ],
)
async def test_a_session_ends_by_itself(house: House, steps: tuple[timedelta, ...], still_there: bool) -> None:
    kim = await house.browser("KIM")

    answer = await kim.looks("/health")
    for step in steps:
        house.later(step)
        answer = await kim.looks("/health")

    assert (answer.status_code == 200) is still_there
    assert still_there or where(answer) == GONE


async def test_signing_out_ends_the_session_on_our_side_too(house: House) -> None:
    kim = await house.browser("KIM")

    assert where(await kim.sends("/sign-out")) == GONE
    assert where(await kim.looks("/")) == GONE


async def test_with_the_last_role_every_session_ends_at_once(house: House) -> None:
    day, other = await house.browser("DAY"), await house.browser("DAY")
    kim = await house.browser("KIM")

    sent = await kim.sends("/team/end", person=str(house.ids["DAY"]), sure="yes")

    assert where(sent) == (303, "/console/team?done=left")
    assert [where(await one.looks("/flags")) for one in (day, other)] == [GONE, GONE]
    async with house.database.reading() as session:
        ended = (
            await session.scalars(select(StaffSession.ended_at).where(StaffSession.person_id == house.ids["DAY"]))
        ).all()
    assert ended == [NOW, NOW]


async def test_a_lost_telephone_s_sessions_can_be_ended(house: House) -> None:
    cole, kim, lee = await house.browser("COLE"), await house.browser("KIM"), await house.browser("LEE")

    refused = await lee.sends("/team/sign-out", person=str(house.ids["COLE"]))
    assert (refused.status_code, (await cole.looks("/flags")).status_code) == (404, 200)
    await kim.sends("/team/sign-out", person=str(house.ids["COLE"]))

    assert where(await cole.looks("/flags")) == GONE


PATHS = {
    Page.TODAY: "/",
    Page.PATIENTS: "/patients",
    Page.FLAGS: "/flags",
    Page.DIGEST: "/digest",
    Page.TEAM: "/team",
    Page.INVITE: "/invite",
    Page.SETTINGS: "/settings",
    Page.HEALTH: "/health",
}


@pytest.mark.parametrize("code_name", STAFF)
async def test_each_role_opens_what_the_table_says_and_nothing_else(house: House, code_name: str) -> None:
    browser, role = await house.browser(code_name), STAFF[code_name]
    paths = {
        **PATHS,
        Page.PATIENT: f"/patients/{house.ids['BIRCH-07']}",
        Page.WORDS: f"/patients/{house.ids['BIRCH-07']}/words",
    }

    seen = {page: (await browser.looks(path)).status_code for page, path in paths.items()}
    menu = (await browser.looks("/health" if role in OPENS[Page.HEALTH] else "/")).text

    assert seen == {page: _expected(code_name, page) for page in paths}
    for page, path in PATHS.items():
        assert (f'href="/console{path}"' in menu) is (role in OPENS[page]), page


def _expected(code_name: str, page: Page) -> int:
    if STAFF[code_name] not in OPENS[page]:
        return 403
    is_anothers = code_name == "DAY" and page in {Page.PATIENT, Page.WORDS}  # BIRCH-07 is Dr Cole's
    return 404 if is_anothers else 200


def test_every_page_has_a_door_and_a_line_in_the_table() -> None:
    assert {door.page for door in DOORS} <= set(OPENS)
    assert all(Role.PATIENT not in roles for roles in OPENS.values())


@pytest.mark.parametrize("code_name", STAFF)
async def test_no_form_does_anything_for_a_role_that_does_not_open_its_page(house: House, code_name: str) -> None:
    browser, role = await house.browser(code_name), STAFF[code_name]
    before = await acts(house)
    closed = [door for door in DOORS if door.is_form and role not in OPENS[door.page]]

    answers = [
        await browser.sends(door.path.replace("{id}", str(house.ids["BIRCH-07"])), to="deceased", sure="yes")
        for door in closed
    ]

    assert {answer.status_code for answer in answers} <= {403}
    assert await acts(house) == before


async def test_nobody_gets_anything_but_the_way_in(house: House) -> None:
    nobody = await house.browser()

    for door in DOORS:
        path = door.path.replace("{id}", str(house.ids["BIRCH-07"])).replace("{day}", "now")
        answer = await (nobody.sends(path, to="x") if door.is_form else nobody.looks(path))
        assert where(answer) == GONE, door.path
        assert "BIRCH" not in answer.text


async def test_a_patient_s_session_would_open_nothing(house: House) -> None:
    browser = await house.browser("BIRCH-07")

    assert where(await browser.looks("/")) == GONE


async def test_another_clinician_s_patient_is_not_there(house: House) -> None:
    day = await house.browser("DAY")
    theirs = house.ids["BIRCH-07"]

    assert (await day.looks(f"/patients/{theirs}")).status_code == (await day.looks("/patients/1")).status_code == 404
    assert (await day.looks(f"/patients/{theirs}")).text == (await day.looks("/patients/1")).text
    assert "BIRCH-07" not in (await day.looks("/patients?q=BIRCH")).text
    assert (await day.sends(f"/patients/{theirs}/hold", reason="hospital")).status_code == 404
    assert (await day.sends("/flags/1", action="not")).status_code == 404


async def test_a_form_without_its_proof_or_from_elsewhere_changes_nothing(house: House) -> None:
    kim = await house.browser("KIM")
    path, field = f"/console/patients/{house.ids['BIRCH-07']}/state", {"to": "discharged", "sure": "yes"}
    ours = {"origin": kim.origin}

    answers = [
        await kim.client.post(path, data=field, headers=ours),
        await kim.client.post(path, data={**field, "proof": "0" * 64}, headers=ours),
        await kim.client.post(path, data={**field, "proof": "é"}, headers=ours),
        await kim.client.post(path, data=field, headers={"origin": "https://evil.example"}),
        await kim.client.post(path, data=field, headers={"origin": "null"}),
        await kim.client.post(path, data=field, headers={"sec-fetch-site": "cross-site"}),
        await kim.client.post(path, data=field),
    ]

    assert [answer.status_code for answer in answers] == [403] * 7
    async with house.database.reading() as session:
        enrolment = await session.get(Enrolment, house.ids["BIRCH-07"])
    assert enrolment is not None
    assert enrolment.state == "active"


@pytest.mark.parametrize(
    ("headers", "method", "content", "status"),
    [
        pytest.param({"host": "evil.example"}, "GET", b"", 400, id="another host"),
        pytest.param({}, "PUT", b"", 405, id="a method no page uses"),
        pytest.param({}, "DELETE", b"", 405, id="another one"),
        pytest.param({}, "POST", b"x=" + b"y" * LONGEST_BODY, 413, id="too long"),
        pytest.param({"content-type": "application/json"}, "POST", b"{}", 415, id="no form"),
        pytest.param({}, "POST", b"code=%ff%fe", 400, id="no text"),
        pytest.param({}, "POST", b"code=1&code=2", 400, id="a field twice"),
        pytest.param({}, "POST", b"&".join(b"f%d=1" % n for n in range(60)), 400, id="too many fields"),
        pytest.param({}, "POST", b"code=" + b"a" * 600, 400, id="a field too long"),
        pytest.param({}, "POST", "code=é".encode(), 400, id="bytes that browsers escape"),
        pytest.param({"content-length": "many"}, "POST", b"code=1", 400, id="a length that is none"),
    ],
)
async def test_what_no_browser_of_ours_sends_is_refused(
    house: House, headers: dict[str, str], method: str, content: bytes, status: int
) -> None:
    nobody = await house.browser()
    usual = {"origin": nobody.origin, "content-type": "application/x-www-form-urlencoded"} if method == "POST" else {}

    answer = await nobody.client.request(method, "/console/sign-in", content=content, headers={**usual, **headers})

    assert answer.status_code == status
    assert HEADERS.items() <= dict(answer.headers).items()


async def test_every_answer_carries_the_headers_and_no_page_runs_or_fetches_anything_foreign(house: House) -> None:
    kim, cole = await house.browser("KIM"), await house.browser("COLE")
    answers = [await kim.looks(path) for path in ("/", "/patients", "/team", "/sign-in", "/nowhere", "/invite")]

    for answer in answers:
        assert HEADERS.items() <= dict(answer.headers).items()
        assert "<style" not in answer.text
        assert " style=" not in answer.text
        assert "onclick" not in answer.text
    policy = HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    digest = await cole.looks(f"/digest/{house.ids['COLE']}/now")
    assert digest.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in digest.headers["content-security-policy"]


async def test_files_are_those_of_the_list(house: House) -> None:
    nobody = await house.browser()

    css = await nobody.looks("/static/console.css")
    assert (css.status_code, css.headers["cache-control"].partition(",")[0]) == (200, "public")
    for path in ("/static/../app.py", "/static/%2e%2e%2fapp.py", "/static/console.py", "/static/"):
        assert (await nobody.looks(path)).status_code == 404


async def test_names_and_words_stand_on_pages_as_text(house: House) -> None:
    cole = await house.browser("COLE")
    birch = house.ids["BIRCH-07"]

    pages = [
        (await cole.looks(path)).text
        for path in ("/", "/patients", f"/patients/{house.ids[ODD]}", f"/patients/{birch}/words", "/flags")
    ]

    assert all("<img" not in page for page in pages)
    assert "&lt;img src=x onerror=" in pages[1]
    assert WORDS.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;") in pages[3]


@pytest.mark.parametrize("query", ["state=nobody", "order=x", "with=1e9", "order=next&after=a&due=soon", "q=a&q=b"])
async def test_an_address_none_of_our_pages_makes_is_refused(house: House, query: str) -> None:
    kim = await house.browser("KIM")

    assert (await kim.looks(f"/patients?{query}")).status_code == 400


@pytest.mark.parametrize("words", ["%", "_", "' OR 1=1 --", "\\", "BIRCH' UNION SELECT", "𝕭", "a" * 80])
async def test_a_search_is_a_search_and_nothing_else(house: House, words: str) -> None:
    kim = await house.browser("KIM")

    answer = await kim.client.get("/console/patients", params={"q": words})

    assert (answer.status_code, "BIRCH-07" in answer.text) == (200, False)


async def test_a_look_at_a_patient_is_noted_before_the_page_is_shown(house: House) -> None:
    cole, birch = await house.browser("COLE"), house.ids["BIRCH-07"]

    await cole.looks(f"/patients/{birch}")
    await cole.looks(f"/patients/{birch}/words")
    await cole.looks(f"/digest/{house.ids['COLE']}/now")
    await cole.looks("/patients/1")

    noted = [(action, about) for action, who, about in await acts(house) if who == house.ids["COLE"]]
    assert noted == [
        ("looked_at_patient", birch),
        ("read_words", birch),
        ("read_digest_with_words", house.ids["COLE"]),
    ]


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        pytest.param("https://checkin.example.org", False, id="TLS"),
        pytest.param("http://127.0.0.1:8080", False, id="this machine"),
        pytest.param("http://checkin.example.org", True, id="no TLS"),
        pytest.param("https://checkin.example.org/console", True, id="a path"),
        pytest.param("https://user:word@checkin.example.org", True, id="a password"),
        pytest.param("javascript:alert(1)", True, id="no address"),
    ],
)
def test_the_console_s_address_is_safe_or_refused(url: str, refused: bool) -> None:
    given = {"_env_file": None, "console_url": url, "web_address": "127.0.0.1:8080"}

    if refused:
        with pytest.raises(WrongSetting, match="CHECKIN_CONSOLE_URL"):
            read_settings(**given)
    else:
        assert read_settings(**given).console_url == url
        with pytest.raises(WrongSetting, match="CHECKIN_WEB_ADDRESS"):
            read_settings(**{**given, "web_address": ""})
