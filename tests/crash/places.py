"""Every place where the program is made to die: around each commit, and around each message that is sent."""

from storage.crash_points import AFTER, BEFORE, SEND

OFTEN = (  # passed again and again in one life
    "claim",
    "claim_elsewhere",
    "heartbeats",
    "intake",
    "outages",
    "record",
    "record_elsewhere",
    "rounds",
    "tick:alerts",
    "tick:calendars",
    "tick:checkins",
    "tick:contacts",
    "tick:digests",
    "tick:empty_old_rows",
    "tick:visits",
    "updates",
    SEND,
)
ONCE_A_LIFE = ("durability", "recover", "synthetic_crisis", "timekeeper")
ON_A_SERVER_ALONE = ("duties",)  # on SQLite the lock file says who has them, and no table is asked
BY_COMMAND = ("backup", "command", "restore")
WITH_ITS_PLACES = ("picture", "claim_mail", "record_mail")  # see stories/test_a_digest_dies_on_its_way.py
IN_A_BROWSER = ("console",)  # see console/test_pages.py
NO_CLINIC = ("demo",)  # writes to a database of its own, which is thrown away when it fails

AT_WORK = (*OFTEN, *ONCE_A_LIFE, *ON_A_SERVER_ALONE)
EVERY_NAME = frozenset({*AT_WORK, *BY_COMMAND, *WITH_ITS_PLACES, *IN_A_BROWSER, *NO_CLINIC})


def around(*names: str) -> list[str]:
    """Before and after each of them."""
    return [f"{when}:{name}" for name in names for when in (BEFORE, AFTER)]
