"""The questions come in turns of three wordings, so that they do not wear out, and each answer keeps what was seen."""

from pathlib import Path

from sqlalchemy import select

from alliance.forms import form_of
from alliance.items import Domain, Instrument
from storage.tables import Answer, Checkin
from tests.stories.in_two_languages import IN_BOTH, Asked, enrolled
from tests.stories.ward import Ward, madrid

IN_TURN = Path("alliance-brief-in-turn")  # by its name: it comes along
DAYS = (2, 5, 9, 12)  # of March: Mondays and Thursdays


async def turned_on(ward: Ward) -> Instrument:
    """The clinic chooses the instrument with forms, and starts the program again."""
    ward.settings = ward.settings.model_copy(update={"instrument_file": IN_TURN})
    await ward.restart()
    return ward.program.clinic.instrument


def question(instrument: Instrument, form: str | None, domain: Domain, language: str) -> str:
    """The words of one form's question, as Dr Cole's patient reads them."""
    item = next(one for one in instrument.asked_as(form).items if one.domain is domain)
    return item.words[language].question.replace("{clinician}", "Dr Cole")


@IN_BOTH
async def test_each_check_in_asks_all_three_in_another_form_than_the_last(asked: Asked) -> None:
    ward, language = asked.ward, asked.language
    await asked.presses("6", "5", "7", "checkin.nothing_to_add")  # one of before the forms
    instrument = await turned_on(ward)
    patient = await ward.person("BIRCH-07")
    expected = [form_of(instrument, patient_id=patient.id, asked_before=number) for number in (1, 2, 3)]

    for day, form in zip(DAYS[1:], expected, strict=True):
        await ward.until(madrid(3, day, "09:00"))
        for domain, number in zip(Domain, ("6", "5", "7"), strict=True):
            assert question(instrument, form, domain, language) in asked.screen
            await asked.presses(number)
        assert asked.is_on("checkin.title_remark")  # three were all
        await asked.presses("checkin.nothing_to_add")

    assert sorted(form or "" for form in expected) == ["a", "b", "c"]
    kept = await _kept(ward)
    assert kept[:3] == [("alliance-brief/1", None, language, item) for item in ("goal1", "task1", "bond1")]
    assert kept[3:] == [
        ("alliance-brief-in-turn/1", form, language, item.id)
        for form in expected
        for item in instrument.asked_as(form).items
    ]


async def test_a_check_in_that_is_open_keeps_its_questions_whatever_the_clinic_changes(asked: Asked) -> None:
    ward = asked.ward
    before = ward.program.clinic.instrument
    await asked.presses("6")

    instrument = await turned_on(ward)
    await ward.until(madrid(3, 2, "14:01"))  # the reminder brings it anew
    assert question(before, None, Domain.TASK, "en") in asked.screen
    await asked.presses("5", "7", "checkin.nothing_to_add")

    assert await ward.answers() == {"goal1": 6, "task1": 5, "bond1": 7}
    await ward.until(madrid(3, 5, "09:00"))
    form = await _form_of_the_newest(ward)
    assert form in instrument.forms
    await asked.presses("6")
    ward.settings = ward.settings.model_copy(update={"instrument_file": None})
    await ward.restart()
    await ward.until(madrid(3, 5, "14:01"))
    assert question(instrument, form, Domain.TASK, "en") in asked.screen


@IN_BOTH
async def test_change_shows_the_words_that_were_answered(asked: Asked) -> None:
    instrument = await turned_on(asked.ward)
    await asked.ward.until(madrid(3, 5, "09:00"))
    form = await _form_of_the_newest(asked.ward)
    await asked.presses("6", "5", "7", "checkin.nothing_to_add", "checkin.button.change_finished")

    await asked.presses(asked.labels[0])

    assert asked.is_on("checkin.again.title", number=1, total=3)
    assert question(instrument, form, Domain.GOAL, asked.language) in asked.screen


async def test_what_never_arrived_wears_no_question_out_and_its_form_comes_next(clinic: Ward) -> None:
    instrument = await turned_on(clinic)
    asked = await enrolled(clinic, "en")
    patient = await clinic.person("BIRCH-07")
    await clinic.is_down_until(madrid(3, 3, "06:00"))  # Monday's is missed, by us
    await clinic.until(madrid(3, 5, "09:00"))

    first = form_of(instrument, patient_id=patient.id, asked_before=0)

    assert question(instrument, first, Domain.GOAL, "en") in asked.screen


async def test_an_answer_keeps_the_language_it_was_seen_in(asked: Asked) -> None:
    await asked.presses("6")
    question_of_today = asked.person.last.message_id

    await asked.ward.writes(asked.person, "/language es")

    shown = next(message for message in asked.person.screen if message.message_id == question_of_today)
    assert shown.text.startswith(asked.ward.says("checkin.title", language="es", number=2, total=3))
    five = next(button.data for row in shown.buttons for button in row if button.label == "5")
    asked.person.taps_old(shown.message_id, five or "")
    await asked.ward.settle()
    assert [(language, item) for _, _, language, item in await _kept(asked.ward)] == [("en", "goal1"), ("es", "task1")]


async def _kept(ward: Ward) -> list[tuple[str | None, str | None, str | None, str]]:
    async with ward.database.reading() as session:
        rows = await session.execute(
            select(Answer.instrument, Answer.form, Answer.language, Answer.item_id).order_by(Answer.id)
        )
        return [(instrument, form, language, item) for instrument, form, language, item in rows]


async def _form_of_the_newest(ward: Ward) -> str | None:
    async with ward.database.reading() as session:
        return await session.scalar(select(Checkin.form).order_by(Checkin.id.desc()).limit(1))
