"""The sandbox as people meet it: its command, and its page in a browser."""

import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from sandbox import Sandbox
from tests.sandbox.hands import Caller

ROOT = Path(__file__).parents[2]
IGNORING = ("/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh")
CHROMIUM = shutil.which("chromium")


@pytest.mark.parametrize(
    "parent", [pytest.param((), id="a shell"), pytest.param(IGNORING, id="a parent that ignores Ctrl-C")]
)
def test_the_command_says_where_it_listens_and_stops_when_told(parent: tuple[str, ...]) -> None:
    command = [*parent, sys.executable, "-m", "sandbox", "--port", "0", "--token", "77:xyz"]

    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        said = [run.stdout.readline().split() for _ in range(3)]
        run.send_signal(signal.SIGINT)
        _, complaints = run.communicate(timeout=10)

    assert [words[0] for words in said] == ["Bot", "Token", "Chat"]
    assert said[2][2] == f"{said[0][2]}/chat/"
    assert (run.returncode, complaints) == (0, "")


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
async def test_on_a_phone_the_list_of_people_and_a_chat_are_two_screens_and_time_can_be_let_pass(
    sandbox: Sandbox,
) -> None:
    asked: list[timedelta] = []
    sandbox.world.pass_time = asked.append
    sandbox.person("Ana").opens()

    async with (
        async_playwright() as player,
        await player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
    ):
        page = await browser.new_page(viewport={"width": 390, "height": 800})
        await page.goto(f"{sandbox.url}/chat/")
        await page.get_by_role("button", name="1 day").click()
        there_at_first = await page.get_by_label("Messages").is_visible()
        await page.get_by_role("button", name="Ana").click()
        await page.get_by_label("Messages").get_by_text("/start").wait_for()
        wide = await page.evaluate("document.documentElement.scrollWidth")
        await page.get_by_role("button", name="Back to the list of people").click()
        await page.get_by_role("button", name="Ana").wait_for()

    assert (there_at_first, asked, wide) == (False, [timedelta(days=1)], 390)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
async def test_somebody_tries_the_bot_in_a_browser(sandbox: Sandbox, call: Caller) -> None:
    keys = {"inline_keyboard": [[{"text": "4", "callback_data": "r:4"}]]}
    text = "How was it? \N{ROSE} Read this."
    link = {"type": "text_link", "offset": 15, "length": 10, "url": "https://clinic.example"}
    errors: list[str] = []
    asked: list[str] = []

    async with (
        async_playwright() as player,
        await player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
    ):
        page = await browser.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        page.on("request", lambda request: asked.append(request.url))
        screen = page.get_by_label("Messages")
        await page.goto(f"{sandbox.url}/chat/")
        await page.get_by_placeholder("First name").fill("Ana")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Start").click()
        await screen.get_by_text("/start").wait_for()
        ana = sandbox.people[0]
        await call.ok("sendMessage", chat_id=ana.user_id, text=text, entities=[link], reply_markup=keys)
        await page.get_by_role("button", name="4", exact=True).click()
        await call.ok("answerCallbackQuery", callback_query_id=next(iter(sandbox.world.taps)), text="Noted")
        await page.get_by_text("Noted").wait_for()
        await page.get_by_label("Message", exact=True).fill("fine")
        await page.keyboard.press("Enter")
        await screen.get_by_text("fine").wait_for()
        linked = await page.get_by_role("link", name="Read this.").count()

    assert [shown.text for shown in ana.screen] == ["/start", text, "fine"]
    assert (linked, errors, ana.spinning) == (1, [], ())
    assert [url for url in asked if not url.startswith((sandbox.url, "data:"))] == []
