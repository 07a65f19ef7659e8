"""A day on which everything has happened: the digest that pages and e-mails are looked at with."""

from dataclasses import replace
from datetime import timedelta

from alliance.agreement import AgreementLine
from alliance.digest import AboutYou, Chosen, Digest, Explained, FlagLine, HeardLine, OnHold, Point, Recovered
from alliance.followed import Acted, Followed, Waiting, WithColleague
from alliance.marks import Mark, MarkKind, UsualRange
from alliance.week import Week
from tests.alliance.one_digest import A_FALL, A_SILENCE, AN_ALERT, MORNING, QUIET_DAY, TODAY, a_writer
from workflows.digest_page import Quote

SAID_AT = MORNING - timedelta(hours=14)
WITHOUT_A_SPACE = "Donaudampfschiff" * 30
SAID = f"You are not listening to me. <b>Never</b>.\nمرحبا \u202egnp\u202c 👩‍👩‍👧 {WITHOUT_A_SPACE}"
PHRASE = "not listening to me"
MARKS = (
    Mark(kind=MarkKind.VISIT, on=TODAY - timedelta(days=20)),
    Mark(kind=MarkKind.LOST, on=TODAY - timedelta(days=15)),
    Mark(kind=MarkKind.FLAG, on=TODAY - timedelta(days=6), domain="bond"),
    Mark(kind=MarkKind.ACTION, on=TODAY - timedelta(days=5), domain="bond", action="reviewed"),
)
TREND = tuple(
    Point(on=TODAY - timedelta(days=n), fractions={} if n % 7 == 5 else {"goal": 0.8, "task": 0.6, "bond": n / 30})
    for n in range(28, 0, -1)
)
USUALS = tuple(UsualRange(domain=domain, low=0.6, high=0.9) for domain in ("goal", "task", "bond"))
HEARD = HeardLine(
    why="says that they are not listened to",
    rule="en.bond.unheard",
    kind="confrontation",
    domain="bond",
    message_row=81,
    first=SAID.index(PHRASE),
    last=SAID.index(PHRASE) + len(PHRASE),
    said_at=SAID_AT,
)
WISH = Explained(
    checkin_id=5,
    patient_id=7,
    code_name="BIRCH-07",
    on=TODAY - timedelta(days=1),
    chosen=(Chosen(domain="bond", concern="not_heard", rating=2, highest=7),),
    wish="call",
)


def _flag(patient_id: int, name: str, **more: object) -> FlagLine:
    whole = replace(A_FALL, flag_id=100 + patient_id, patient_id=patient_id, code_name=name)
    drawn = replace(whole, trend=TREND, marks=MARKS, usuals=USUALS, raised_on=TODAY - timedelta(days=3), waits_days=3)
    return replace(drawn, **more)  # pyright: ignore[reportArgumentType]  # by name


RICH_DAY: Digest = replace(
    QUIET_DAY,
    rules_approved=False,
    erased=1,
    reader="DAY",
    back_on=TODAY + timedelta(days=4),
    alerts=(AN_ALERT, replace(AN_ALERT, alert_id=4, state="acknowledged", acknowledged_by="DAY")),
    flags=(
        _flag(7, "BIRCH-07", kind="confrontation", heard=(HEARD,), explained=(WISH,), clinician_rating=6.0),
        _flag(8, "W" * 60, also=("goal",), acted=Acted(action="raise", at=MORNING, by=None), state="acknowledged"),
        _flag(9, "שלום-09", is_unread=True, came_back_on=TODAY - timedelta(days=30), stage="improving"),
        replace(A_SILENCE, flag_id=110, patient_id=10, code_name="FIR-10", trend=TREND, marks=MARKS),
    ),
    wrote=(a_writer(7, "BIRCH-07"), a_writer(11, "OAK-11", messages=2, unscreened=1)),
    undeliverable=("PINE-09", "Ñandú"),
    left=("ASH-04",),
    numbers=replace(QUIET_DAY.numbers, undeliverable=1, uncertain=1, missed=1, held=1),
    recovered=(Recovered(code_name="ELM-03", domain="task", days=9, was_short=False),),
    explained=(WISH,),
    about_you=(
        AboutYou(checkin_id=6, patient_id=12, code_name="YEW-12", on=TODAY, rating=3, highest=7, before=(6, 5)),
    ),
    waiting=(
        Waiting(patient_id=13, code_name="IVY-13", since_on=TODAY - timedelta(days=8), days=8, wants_contact=True),
    ),
    improving=(Followed(patient_id=14, code_name="BAY-14", domain="goal", days=6, acted=None),),
    not_repaired=(Followed(patient_id=15, code_name="FIG-15", domain="bond", days=21, acted=None),),
    with_colleagues=(WithColleague(patient_id=16, code_name="BOX-16", colleague="DAY", since_on=TODAY),),
    settled=(_flag(17, "ALDER-17", state="resolved", acted=Acted(action="not", at=MORNING, by="DAY")),),
    given=("LIME-18",),
    on_hold=(OnHold(patient_id=19, code_name="PEAR-19", until=TODAY + timedelta(days=9), reason="hospital"),),
    agreements=(
        AgreementLine(patient_id=7, code_name="BIRCH-07", state="agreed", since_on=TODAY),
        AgreementLine(patient_id=20, code_name="ROWAN-20", state="proposed", since_on=TODAY - timedelta(days=4)),
    ),
    week=Week(
        since=TODAY - timedelta(days=8), until=TODAY - timedelta(days=2), asked=140, answered=96, judged=24, dismissed=5
    ),
)
WORDS_OF = {7: [Quote(at=SAID_AT, words=SAID, edited=True)], 11: [Quote(at=SAID_AT, words="I can't.", edited=False)]}
GOALS_OF = {7: ["Walk to the market alone", "Sleep through"]}
