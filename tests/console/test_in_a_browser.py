"""Every page in Debian's chromium, from the link to the result: by keyboard, on a phone, by day and by night."""

import asyncio
import re
import shutil
import socket
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from storage import sessions
from storage.database import Database
from storage.vault import Vault
from tests.console.house import House, furnished

CHROMIUM = shutil.which("chromium")
PHONE, WIDE = ViewportSize(width=360, height=740), ViewportSize(width=1400, height=900)
Scheme = Literal["light", "dark"]
OF_COLE = ("/", "/patients", "/patients/{birch}", "/patients/{birch}/words", "/flags", "/digest", "/digest/{cole}/now")
OF_KIM = (
    *("/", "/patients", "/patients/{birch}?preset=daily", "/team", "/invite", "/settings", "/health"),
    *("/programmes?name=First+weeks&words=daily+for+2+weeks%2C+then+every+Monday", "/programmes?words=now+and+then"),
)
OF_LEE = ("/", "/flags", "/team", "/settings", "/health")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here"),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """The house at an address, and a way to do something in it from outside its loop."""

    house: House
    loop: asyncio.AbstractEventLoop
    url: str

    def link(self, code_name: str) -> str:
        """What the bot would send to that person."""

        async def made() -> str:
            async with self.house.database.writing() as session:
                until, now = self.house.now[0] + timedelta(minutes=10), self.house.now[0]
                return await sessions.make_link(session, self.house.ids[code_name], expires_at=until, now=now)

        code = asyncio.run_coroutine_threadsafe(made(), self.loop).result(20)
        return f"{self.url}/console/sign-in#{code}"

    def path(self, words: str) -> str:
        """A path with the ids of this house."""
        return words.format(birch=self.house.ids["BIRCH-07"], cole=self.house.ids["COLE"])


@pytest.fixture(scope="module")
def served(sqlite_template: Path, vault: Vault, tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """One house, served for all tests of this file, from a thread of its own."""
    folder = tmp_path_factory.mktemp("console")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ready, stop, there = threading.Event(), threading.Event(), list[Served]()

    async def serve() -> None:
        database = Database(f"sqlite:///{shutil.copy(sqlite_template, folder / 'house.sqlite3')}", vault)
        try:
            async with furnished(database, folder, url=f"http://127.0.0.1:{port}") as house:
                config = uvicorn.Config(house.app, port=port, log_config=None, lifespan="off")
                server = uvicorn.Server(config)
                task = asyncio.create_task(server.serve())
                while not server.started:  # noqa: ASYNC110  # uvicorn offers no event
                    await asyncio.sleep(0.02)
                there.append(Served(house=house, loop=asyncio.get_running_loop(), url=f"http://127.0.0.1:{port}"))
                ready.set()
                await asyncio.to_thread(stop.wait)
                server.should_exit = True
                await task
        finally:
            ready.set()
            await database.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait(30)
    try:
        yield there[0]
    finally:
        stop.set()
        thread.join(15)


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    """One chromium for all of them."""
    with sync_playwright() as player:
        started = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def open_page(served: Served, browser: Browser) -> Generator[Callable[..., Page]]:
    """A new browser of somebody; whatever it complains of, and whatever it asks of others, fails the test."""
    wrong: list[str] = []
    contexts = list[BrowserContext]()

    def opened(*, viewport: ViewportSize = WIDE, scheme: Scheme = "light") -> Page:
        context = browser.new_context(viewport=viewport, color_scheme=scheme)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: wrong.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda one: None if one.url.startswith(served.url) else wrong.append(one.url))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def signed_in(served: Served, page: Page, code_name: str) -> None:
    """Open the link and press once."""
    page.goto(served.link(code_name))
    assert "#" not in page.url  # the secret is neither in the address bar nor in the history
    page.get_by_role("button", name="Sign in").press("Enter")
    page.wait_for_url(f"{served.url}/console/")


@pytest.mark.parametrize(
    ("code_name", "paths", "viewport", "scheme"),
    [
        pytest.param("COLE", OF_COLE, WIDE, "light", id="clinician, wide, by day"),
        pytest.param("COLE", OF_COLE, PHONE, "dark", id="clinician, phone, by night"),
        pytest.param("KIM", OF_KIM, WIDE, "dark", id="coordinator, wide, by night"),
        pytest.param("KIM", OF_KIM, PHONE, "light", id="coordinator, phone, by day"),
        pytest.param("LEE", OF_LEE, WIDE, "light", id="lead, wide, by day"),
    ],
)
def test_every_page_can_be_read_by_everybody(
    served: Served,
    open_page: Callable[..., Page],
    code_name: str,
    paths: tuple[str, ...],
    viewport: ViewportSize,
    scheme: Scheme,
) -> None:
    page = open_page(viewport=viewport, scheme=scheme)
    signed_in(served, page, code_name)

    for path in map(served.path, paths):
        page.goto(f"{served.url}/console{path}")
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")

        found = Axe().run(page)
        assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than the screen"


def test_the_way_in_can_be_read_and_an_old_link_leads_to_a_new_one(
    served: Served, open_page: Callable[..., Page]
) -> None:
    page = open_page(viewport=PHONE)
    link = served.link("LEE")

    page.goto(f"{served.url}/console/sign-in")
    assert Axe().run(page).violations_count == 0
    assert page.get_by_label("The link from the chat").is_visible()
    page.goto("about:blank")
    page.goto(link)
    assert not page.get_by_label("The link from the chat").is_visible()


def test_a_search_goes_on_while_somebody_types(served: Served, open_page: Callable[..., Page]) -> None:
    page = open_page()
    signed_in(served, page, "KIM")

    page.get_by_role("link", name="Patients").click()
    page.get_by_label("Code name").press_sequentially("map")
    page.get_by_role("status").filter(has_text="1 patient").wait_for()

    assert page.get_by_role("row").count() == 2
    page.get_by_role("link", name="MAPLE-02").click()
    page.get_by_role("heading", name=re.compile("MAPLE-02")).wait_for()


def test_a_cadence_is_looked_at_and_saved_with_the_keyboard_alone(
    served: Served, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    signed_in(served, page, "KIM")
    page.goto(f"{served.url}/console/patients/{served.house.ids['MAPLE-02']}")

    page.get_by_label("Ask instead").select_option("daily")
    page.get_by_role("heading", name="This would mean").wait_for()
    seen = page.locator("#trial li").first.inner_text()
    page.get_by_role("button", name="Save this cadence").press("Enter")
    page.get_by_text("The cadence is saved.").wait_for()

    assert page.locator("#cadence ~ ol li").first.inner_text() == seen
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_a_flag_is_looked_at_and_the_session_ended(served: Served, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport=PHONE, scheme="dark")
    signed_in(served, page, "COLE")

    page.get_by_role("link", name="Flags").click()
    page.get_by_role("button", name="Will raise it").click()
    page.get_by_text("Noted: to be raised at the visit.").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Console").wait_for()
    page.go_back()

    assert "BIRCH" not in page.content()


def test_a_programme_is_understood_while_it_is_written_and_given_to_many_as_seen(
    served: Served, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    signed_in(served, page, "KIM")
    page.get_by_role("link", name="Programmes").click()

    page.get_by_label("Programme", exact=True).fill("First weeks")
    page.get_by_label("How often and when").press_sequentially("daily at 09:15")
    page.get_by_text("at 09:15", exact=False).and_(page.locator("#trial p")).first.wait_for()
    assert page.locator("#trial li").first.inner_text().endswith("09:15")
    page.get_by_role("button", name="Save the programme").click()
    page.get_by_text("Nobody is moved by it yet.").first.wait_for()
    page.get_by_role("button", name="Show what changes").click()
    assert Axe().run(page).violations_count == 0
    seen = page.locator("tbody tr").filter(has_text="MAPLE-02").locator("td").nth(1).inner_text().split("\n")
    page.get_by_role("button", name="Change exactly this").click()
    page.get_by_text("exactly the dates you saw").wait_for()

    page.goto(f"{served.url}/console/patients/{served.house.ids['MAPLE-02']}")
    assert page.locator("#cadence ~ ol li").all_inner_texts()[: len(seen)] == seen
