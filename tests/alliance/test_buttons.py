"""What a button was about survives the 64 bytes it travels in, and nothing else is ever read out of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance import acting_presses
from alliance.acting import OFFERED_CONTACTS
from alliance.acting_presses import ContactWith, FlagStep, Step
from alliance.agreement import Reply
from alliance.buttons import LONGEST_PRESS, decode, encode
from alliance.cadence import PRESETS
from alliance.checkin_presses import READERS, Change, Look, PutOff, Reopen, SayWhy, SayWish, Skip, Turn
from alliance.coordinator_presses import READERS as OF_COORDINATORS
from alliance.coordinator_presses import About, ListPatients, OpenOne
from alliance.flags import FlagAction
from alliance.follow_up import Concern, Wish
from alliance.holding import HoldReason
from alliance.items import Domain
from alliance.press_words import LARGEST_ID
from alliance.presses import (
    ActOnAlert,
    ActOnFlag,
    AfterSafety,
    AlertStep,
    ChooseTime,
    ChooseZone,
    Consent,
    Decide,
    Erase,
    HelpNow,
    KeepZone,
    Leave,
    NothingToAdd,
    OpenPlace,
    Place,
    Press,
    Rate,
    SafetyAnswer,
    SetCadence,
    ShowWords,
)
from alliance.staff_presses import READERS as OF_STAFF
from alliance.staff_presses import EndLeave, Hour, LiftHold, NameCover, PlanHold, PlanLeave, SetHours
from alliance.visit_presses import READERS as VISIT_READERS
from alliance.visit_presses import (
    ActOnDraft,
    ActOnVisit,
    AnswerAgreement,
    DraftStep,
    Listing,
    OpenList,
    OpenPatient,
    PatientStep,
    RateAsClinician,
    VisitStep,
)

ids = st.integers(0, LARGEST_ID)
item_ids = st.from_regex(r"[a-z0-9_]{1,16}", fullmatch=True)

presses: st.SearchStrategy[Press] = st.one_of(
    st.builds(Rate, checkin_id=ids, item_id=item_ids, rating=st.integers(0, 99)),
    st.builds(NothingToAdd, checkin_id=ids),
    st.just(HelpNow()),
    st.builds(Consent, version=st.integers(0, 999), given=st.booleans()),
    st.builds(KeepZone, right=st.booleans()),
    st.builds(ChooseZone, zone=st.sampled_from(["Europe/Madrid", "America/Argentina/ComodRivadavia", "UTC"])),
    st.builds(ChooseTime, at=st.times().map(lambda at: f"{at:%H:%M}")),
    st.builds(Leave, sure=st.booleans()),
    st.builds(ActOnFlag, flag_id=ids, digest_id=ids, action=st.sampled_from(FlagAction)),
    st.builds(ShowWords, digest_id=ids, patient_id=ids),
    st.builds(ActOnAlert, alert_id=ids, step=st.sampled_from(AlertStep)),
    st.builds(AfterSafety, said=st.sampled_from(SafetyAnswer)),
    st.builds(SetCadence, patient_id=ids, preset=st.sampled_from(sorted(PRESETS)), save=st.booleans()),
    st.builds(Turn, checkin_id=ids, to=st.sampled_from(Look)),
    st.builds(Skip, checkin_id=ids, item_id=item_ids),
    st.builds(Reopen, checkin_id=ids, item_id=item_ids),
    st.builds(Change, checkin_id=ids, item_id=item_ids, rating=st.integers(0, 99)),
    st.builds(PutOff, checkin_id=ids, minute=ids),
    st.builds(SayWhy, checkin_id=ids, domain=st.sampled_from(Domain), concern=st.sampled_from(Concern)),
    st.builds(SayWish, checkin_id=ids, wish=st.sampled_from(Wish)),
    st.builds(OpenList, listing=st.sampled_from(Listing), start=ids),
    st.builds(ActOnVisit, visit_id=ids, step=st.sampled_from(VisitStep)),
    st.builds(OpenPatient, patient_id=ids, step=st.sampled_from(PatientStep)),
    st.builds(ActOnDraft, patient_id=ids, step=st.sampled_from(DraftStep), print=st.integers(0, 2**32 - 1)),
    st.builds(AnswerAgreement, agreement_id=ids, reply=st.sampled_from([*Reply, None])),
    st.builds(RateAsClinician, rating_id=ids, domain=st.sampled_from([*Domain, None]), rating=st.integers(0, 99)),
    st.builds(OpenPlace, place=st.sampled_from(Place)),
    st.builds(
        Decide,
        place=st.sampled_from(Place),
        choice=st.sampled_from(["09:00", "America/Argentina/ComodRivadavia", "22:00-07:30", "2026-03-20", "open", ""]),
    ),
    st.builds(Erase, sure=st.booleans(), asked_in=ids),
    st.builds(
        FlagStep,
        flag_id=ids,
        digest_id=ids,
        step=st.sampled_from(Step),
        choice=st.one_of(ids.map(str), item_ids, st.just("")),
    ),
    st.builds(ContactWith, patient_id=ids, how=st.sampled_from(["", *OFFERED_CONTACTS])),
    st.builds(SetHours, what=st.sampled_from(Hour), choice=st.sampled_from(["17:30", "MO", "Pacific/Apia", ""])),
    st.builds(PlanLeave, person_id=ids, starts_on=st.dates(), back_on=st.none() | st.dates(), cover_id=st.none() | ids),
    st.builds(PlanLeave, person_id=ids, starts_on=st.dates(), has_open_end=st.just(True), cover_id=st.none() | ids),
    st.builds(EndLeave, leave_id=ids),
    st.builds(NameCover, leave_id=ids, cover_id=st.none() | ids),
    st.builds(PlanHold, patient_id=ids, reason=st.sampled_from(HoldReason)),
    st.builds(
        PlanHold,
        patient_id=ids,
        reason=st.sampled_from(HoldReason),
        ends_on=st.none() | st.dates(),
        is_complete=st.just(True),
    ),
    st.builds(LiftHold, hold_id=ids),
    st.builds(ListPatients, start=ids, beginning=st.sampled_from(["", "birch", "a:b", "ÑANDÚ"])),
    st.builds(OpenOne, patient_id=ids, about=st.sampled_from(About)),
)


@given(press=presses)
def test_a_press_comes_back_as_what_it_was_and_fits(press: Press) -> None:
    written = encode(press)

    assert decode(written) == press
    assert len(written.encode()) <= LONGEST_PRESS


@given(one=presses, other=presses)
def test_two_different_presses_are_never_written_alike(one: Press, other: Press) -> None:
    assert (encode(one) == encode(other)) is (one == other)


@given(noise=st.text(st.characters(exclude_categories=()), max_size=90))
def test_noise_is_read_as_nothing_or_as_what_it_says(noise: str) -> None:
    press = decode(noise)

    assert press is None or decode(encode(press)) == press


@given(
    kind=st.sampled_from(
        [*"rdhctzlfwakgmoe", *READERS, *acting_presses.READERS, *OF_STAFF, *OF_COORDINATORS, *VISIT_READERS]
    ),
    rest=st.text("0123456789:yn-+ ٤make_not", max_size=40),
)
def test_half_right_data_raises_nothing(kind: str, rest: str) -> None:
    press = decode(f"{kind}:{rest}")

    assert press is None or decode(encode(press)) == press


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param("", id="nothing"),
        pytest.param("h:now", id="help with something behind it"),
        pytest.param("r:1:goal1", id="a rating without its number"),
        pytest.param("r:1:goal1:5:5", id="a rating with two numbers"),
        pytest.param("r:-1:goal1:5", id="a negative check-in"),
        pytest.param("r:1:goal1:٥", id="a digit of another script"),
        pytest.param("r:²:goal1:5", id="a digit that is none"),
        pytest.param(f"d:{LARGEST_ID + 1}", id="a number no column holds"),
        pytest.param(f"d:{'9' * 70}", id="longer than Telegram lets through"),
        pytest.param("c:1:maybe", id="neither yes nor no"),
        pytest.param("f:1:1:repaired", id="an action that is none"),
        pytest.param("a:1:", id="an alert without a step"),
        pytest.param("m:attic", id="a page that is none"),
        pytest.param("e:y", id="a deletion nobody asked about"),
        pytest.param("x:1:1:k:", id="a step that is none"),
        pytest.param("y:1:carrier pigeon", id="a way that is none"),
        pytest.param("q:1", id="a kind nobody knows"),
        pytest.param("L:1:0:-:-", id="a leave from a day before the calendar"),
        pytest.param(f"L:1:{LARGEST_ID}:-:-", id="a leave from a day after it"),
        pytest.param("P:1:holiday:o", id="a hold for a reason that is none"),
        pytest.param("\ud83d" * 10, id="halves of characters"),
    ],
)
def test_what_is_no_press_of_ours_is_nothing(forged: str) -> None:
    assert decode(forged) is None
