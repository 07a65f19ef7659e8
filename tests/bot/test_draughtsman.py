"""Who draws is a process of its own: it may be slow, fail or die, and this one neither waits nor knows matplotlib."""

import subprocess
import sys
from datetime import date

import pytest

from alliance.charts import Chart, Row
from alliance.digest import Point
from alliance.trend import Labels, Pictured, Strip
from bot.draughtsman import CannotDraw, Draughtsman

A_CHART = Chart(
    title="Tuesday",
    rows=(
        Row(
            name="BIRCH-07",
            kind="possible withdrawal",
            first="2 Mar",
            last="",
            labels=("Goals",),
            shown=Pictured(
                points=(Point(on=date(2026, 3, 2), fractions={"goal": 0.5}),),
                strips=(Strip(domain="goal", label="Goals", latest="4"),),
                silent=None,
                labels=Labels(described="", first="", last="", no_reply="", lowest="1", highest="7"),
            ),
        ),
    ),
    key={"answer": "answer"},
)
HOLLOW = Chart(title="Tuesday", rows=A_CHART.rows, key={"no such mark": "?"})
_ASKED = """
import asyncio, sys
import bot.wiring
from bot.draughtsman import Draughtsman
from tests.bot.test_draughtsman import A_CHART

async def story():
    one = Draughtsman()
    picture = await one.draw(A_CHART)
    await one.go_home()
    return picture

print(asyncio.run(story())[1:4].decode(), "matplotlib" in sys.modules)
"""


def test_the_process_that_wants_a_picture_never_imports_what_draws_it() -> None:
    said = subprocess.run([sys.executable, "-c", _ASKED], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "PNG False"


async def test_a_chart_that_cannot_be_drawn_costs_only_itself() -> None:
    draughtsman = Draughtsman()
    with pytest.raises(CannotDraw):
        await draughtsman.draw(HOLLOW)

    assert (await draughtsman.draw(A_CHART)).startswith(b"\x89PNG")
    await draughtsman.go_home()


@pytest.mark.parametrize(
    "child",
    [
        pytest.param("raise SystemExit(1)", id="it dies"),
        pytest.param("import time; time.sleep(60)", id="it hangs"),
        pytest.param("import sys; sys.stdout.write('\\x00\\x00')", id="it stops in the middle"),
    ],
)
async def test_who_draws_may_die_or_hang_and_is_gone_afterwards(child: str) -> None:
    draughtsman = Draughtsman(within=1.0, child=("-c", child))

    for _ in range(2):
        with pytest.raises(CannotDraw):
            await draughtsman.draw(A_CHART)

    await draughtsman.go_home()
