"""Kim asks the bot for the console, presses once in her browser, and is in; whoever has no role is not."""

import re
from dataclasses import replace

import httpx
from starlette.applications import Starlette

from alliance.people import SYSTEM
from storage import people
from tests.stories.ward import Ward, texts
from workflows.reassign import end_staff

URL = "http://127.0.0.1:8080"


def browser(ward: Ward) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(Starlette(routes=[ward.program.console()]))
    return httpx.AsyncClient(transport=transport, base_url=URL, headers={"origin": URL})


async def has_console(ward: Ward) -> None:
    ward.settings = ward.settings.model_copy(update={"console_url": URL, "web_address": "127.0.0.1:8080"})
    await ward.restart()


async def test_a_link_comes_by_the_chat_opens_the_console_once_and_is_taken_away(ward: Ward) -> None:
    await has_console(ward)

    await ward.writes(ward.kim, "/console")
    link = re.search(rf"{URL}/console/sign-in#([\w-]+)", ward.kim.last.text)
    assert link is not None
    shown = ward.kim.last
    async with browser(ward) as client:
        pressed = await client.post("/console/sign-in", data={"code": link[0]})
        page = await client.get("/console/patients")
        again = await client.post("/console/sign-in", data={"code": link[0]})
    await ward.later(minutes=11)

    assert (pressed.status_code, again.status_code) == (303, 403)
    assert "BIRCH-07" in page.text
    assert shown.protected
    assert link[0] not in "".join(texts(ward.kim))


async def test_patients_strangers_and_a_clinic_without_a_console_get_no_link(ward: Ward) -> None:
    await ward.writes(ward.kim, "/console")
    assert ward.kim.last.text == ward.says("console.link.off")
    await has_console(ward)

    await ward.writes(ward.ana, "/console")
    await ward.writes(ward.cy, "/console")

    assert ward.ana.last.text == ward.says("staff.not_for_you")
    assert ward.cy.last.text == ward.says("stranger")


async def test_with_the_last_role_the_link_on_its_way_ends_too(ward: Ward) -> None:
    await has_console(ward)
    await ward.writes(ward.day, "/console")
    link = ward.day.last.text.split()[-1]
    async with ward.database.writing() as session:
        unit = replace(ward.program.unit(session, "staff"), actor=SYSTEM)
        await end_staff(unit, await people.get(session, (await ward.person("DAY")).id))

    async with browser(ward) as client:
        assert (await client.post("/console/sign-in", data={"code": link})).status_code == 403
