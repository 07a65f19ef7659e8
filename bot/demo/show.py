"""What a demo says when it is over: one table, and which file to open first."""

from rich.console import Console
from rich.table import Table

from bot.demo.folder import DATABASE, SUMMARY
from bot.demo.outcome import Summary
from bot.demo.run import Demo


def show(ended: Demo, console: Console) -> None:
    """Print the numbers and the paths."""
    console.print(_table(ended.summary))
    if ended.pages:
        console.print(f"Open first: {ended.pages[0]}", soft_wrap=True, highlight=False)
        console.print(f"and {len(ended.pages) - 1} more digests beside it.", highlight=False)
    folder = ended.settings.data_dir
    console.print(f"Numbers:    {folder / SUMMARY}", soft_wrap=True, highlight=False)
    console.print(f"Database:   {folder / DATABASE}", soft_wrap=True, highlight=False)


def _table(summary: Summary) -> Table:
    weeks = "1 week" if summary.weeks == 1 else f"{summary.weeks} weeks"
    title = f"Patients: {summary.patients}. Simulated time: {weeks}. Seed: {summary.seed}."
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for label, value in _rows(summary):
        table.add_row(label, value)
    return table


def _rows(summary: Summary) -> list[tuple[str, str]]:
    ruptures, checkins, crises, digests = summary.ruptures, summary.checkins, summary.crises, summary.digests
    wait = crises["seconds_to_page_max"]
    return [
        ("Planted ruptures", str(ruptures["planted"])),
        ("  found", str(ruptures["found"])),
        ("  missed", str(ruptures["missed"])),
        ("Flagged without one, times", str(ruptures["false"])),
        ("Check-ins sent", str(checkins["sent"])),
        ("  answered", str(checkins["answered"])),
        ("  could not be delivered", str(checkins["undeliverable"])),
        ("Taps for one check-in, median", f"{summary.median_taps_per_checkin:g}"),
        ("  messages from the bot, median", f"{summary.median_bot_messages_per_checkin:g}"),
        ("Crisis messages", str(crises["written"])),
        ("  somebody was paged", str(crises["paged"])),
        ("  simulated seconds to the first page, longest", "-" if wait is None else f"{wait:g}"),
        ("Digests sent", str(digests["sent"])),
        ("  with nothing to say", str(digests["empty"])),
        ("Calls that broke Telegram's rules", str(summary.rejected + summary.remarks)),
        ("Real seconds all of it took", f"{summary.wall_seconds:g}"),
    ]
