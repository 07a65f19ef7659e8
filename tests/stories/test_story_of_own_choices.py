"""Ana decides in the chat when, where, in which language and in what hours she is asked, and what her goals are.

Each page of the menu is reached by its command and by a button, counts at once, and says when she is asked next.
What cannot be read changes nothing. Luz does the same in Spanish.
"""

from alliance.people import Role
from sandbox.people import Person as OnThePhone
from tests.stories.ward import Ward, ever, madrid, texts

PAGES = (
    *("Take a break", "Time of day", "Time zone", "Language", "Quiet hours", "My goals", "Who reads what", "My data"),
    *("Stop taking part", "Delete everything"),
)


async def test_one_menu_reaches_every_page_and_each_page_leads_back(ward: Ward) -> None:
    await ward.writes(ward.ana, "/menu")
    assert ward.ana.last.labels == (*PAGES, "I need help now")
    spoken = len(texts(ward.ana))

    for page in PAGES[:-1]:
        await ward.taps(ward.ana, page)
        assert ward.ana.last.text.startswith(f"{page}\n")
        await ward.taps(ward.ana, "Back to the list")
    await ward.taps(ward.ana, "Delete everything", "No, keep it")

    assert len(texts(ward.ana)) == spoken  # one message, turned like a page
    assert ward.ana.last.text == ward.says("own.forget.kept")


async def test_help_leads_to_the_menu_and_a_second_tap_brings_nothing_new(ward: Ward) -> None:
    await ward.writes(ward.ana, "/help")
    opened = ward.ana.last
    data = next(button.data for row in opened.buttons for button in row if button.label == "What you can decide")

    for _ in range(3):
        ward.ana.taps_old(opened.message_id, data or "")
    await ward.settle()

    assert ward.ana.last.labels == (*PAGES, "I need help now")
    assert len(ward.sandbox.ledger.calls("editMessageText", chat_id=ward.ana.user_id)) == 1


async def test_another_hour_counts_from_the_next_day_that_has_had_no_check_in(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6", "5", "7", "Leave it at that")

    await ward.writes(ward.ana, "/time")
    await ward.taps(ward.ana, "18:00")
    assert ward.ana.last.text.startswith("All right, your check-ins come at 18:00 from now on.")
    assert "Thursday 5 March at 18:00" in ward.ana.last.text  # not this evening: today has had its own
    await ward.until(madrid(3, 5, "17:59"))
    assert len(await ward.checkins()) == 1
    await ward.until(madrid(3, 5, "18:00"))

    assert ward.ana.last.text.startswith("Check-in, 1 of 3")


async def test_an_hour_can_be_typed_on_its_page_and_nonsense_changes_nothing(ward: Ward) -> None:
    await ward.writes(ward.ana, "/time")
    await ward.writes(ward.ana, "whenever you like")
    assert ward.says("own.time.how") in texts(ward.ana)
    assert ward.ana.last.text == ward.says("own.not_understood", clinician="Dr Cole")
    assert await ward.words(ward.ana) == ["whenever you like"]  # it may have been meant for Dr Cole

    await ward.writes(ward.ana, "6:30 pm", "I sleep better")

    assert (await ward.enrolment("BIRCH-07")).at == ["18:30"]
    assert await ward.words(ward.ana) == ["whenever you like", "I sleep better"]  # the hour is no message
    assert ward.ana.last.text == ward.says("message.kept", clinician="Dr Cole")


async def test_what_is_typed_later_or_after_something_else_answers_no_page(ward: Ward) -> None:
    await ward.writes(ward.ana, "/time")
    await ward.later(minutes=16)
    await ward.writes(ward.ana, "7:15")
    await ward.writes(ward.ana, "/time", "/help")
    await ward.writes(ward.ana, "7:45")

    assert (await ward.enrolment("BIRCH-07")).at == ["09:00"]
    assert await ward.words(ward.ana) == ["7:15", "7:45"]


async def test_danger_typed_on_a_page_is_danger(ward: Ward) -> None:
    await ward.writes(ward.ana, "/goals")
    await ward.taps(ward.ana, "Add a goal")

    await ward.writes(ward.ana, "I want to kill myself")

    assert ward.ana.last.text.startswith(ward.says("safety.opening"))
    assert ward.cole.last.text.startswith("Possible crisis: BIRCH-07")


async def test_after_a_journey_nine_stays_nine_on_her_wall(ward: Ward) -> None:
    await ward.writes(ward.ana, "/zone Xanadu of the Khan")
    assert ward.ana.last.text == ward.says("zone.none_found")
    assert (await ward.person("BIRCH-07")).zone == "Europe/Madrid"

    await ward.writes(ward.ana, "/zone New York")
    await ward.taps(ward.ana, "America, New York")

    assert ward.ana.last.text == (
        "All right, your check-ins follow the clock of America, New York now. "
        "The next one comes on Monday 2 March at 09:00."
    )
    await ward.until(madrid(3, 2, "14:59"))
    assert await ward.checkins() == []
    await ward.until(madrid(3, 2, "15:00"))
    assert ward.ana.last.text.startswith("Check-in, 1 of 3")


async def test_everything_afterwards_is_in_the_language_she_chose(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6")
    await ward.writes(ward.ana, "/language")
    await ward.taps(ward.ana, "Español")
    assert ward.ana.last.text == ward.says("own.language.kept", language="es")

    await ward.taps(ward.ana, "5")
    assert any(text.startswith("Cuestionario, 3 de 3") for text in texts(ward.ana))
    await ward.writes(ward.ana, "ya no quiero vivir")

    assert ward.ana.last.text.startswith(ward.says("safety.opening", language="es"))
    assert ward.cole.last.text.startswith("Possible crisis: BIRCH-07")
    await ward.writes(ward.ana, "/language klingon")
    assert ward.ana.last.labels[:2] == ("English", "Español")
    assert (await ward.person("BIRCH-07")).language == "es"


async def test_her_own_quiet_hours_hold_what_can_wait_and_never_the_screen(ward: Ward) -> None:
    await ward.writes(ward.ana, "/quiet 22:00-10:30")
    assert ward.ana.last.text.startswith("All right, nothing that can wait comes between 22:00-10:30.")
    assert "Monday 2 March at 10:30" in ward.ana.last.text

    await ward.until(madrid(3, 2, "10:29"))
    assert not any(text.startswith("Check-in") for text in texts(ward.ana))
    await ward.writes(ward.ana, "I want to kill myself")
    assert ward.ana.last.text.startswith(ward.says("safety.opening"))
    await ward.taps(ward.cole, "I have this", "Close: contact made")
    await ward.until(madrid(3, 2, "10:30"))
    assert ward.ana.last.text.startswith("Check-in, 1 of 3")

    await ward.writes(ward.ana, "/quiet 08:00-20:30")
    assert ward.ana.last.text == ward.says("own.quiet.too_long")
    await ward.writes(ward.ana, "/quiet always")
    assert ward.ana.last.text == ward.says("own.quiet.how")
    await ward.writes(ward.ana, "/quiet")
    assert "Your own quiet hours are 22:00-10:30." in ward.ana.last.text
    await ward.taps(ward.ana, "No quiet hours of my own")
    await ward.until(madrid(3, 5, "09:00"))
    assert [checkin.local_date.day for checkin in await ward.checkins()] == [2, 5]


async def test_her_goals_are_hers_read_by_those_who_may_and_on_the_screen_only_if_she_wants(ward: Ward) -> None:
    await ward.writes(ward.ana, "/goals")
    await ward.taps(ward.ana, "Add a goal")
    await ward.writes(ward.ana, "Walk to the  park <alone>")
    assert ward.ana.last.text == ward.says("own.goals.kept")
    assert await ward.words(ward.ana) == []
    for written in ("/goals Sleep through", "/goals Call my sister", f"/goals {'x' * 201}"):
        await ward.later(seconds=1)  # nobody writes two goals in the same instant
        await ward.writes(ward.ana, written)
    assert ward.ana.last.text == ward.says("own.goals.full")
    await ward.until(madrid(3, 2, "09:00"))
    assert "park" not in ward.ana.last.text

    await ward.writes(ward.ana, "/goals")
    await ward.taps(ward.ana, "Remove goal 2", "Name them in the question")
    assert "1. Walk to the park <alone>\n\n2. Call my sister" in ward.ana.last.text
    await ward.until(madrid(3, 5, "09:00"))
    assert "The goals you wrote down:\n• Walk to the park <alone>\n• Call my sister" in ward.ana.last.text
    await ward.taps(ward.ana, "6")
    assert "park" not in ward.ana.last.text  # beside the question about goals, and nowhere else
    await ward.taps(ward.ana, "5", "7")
    await ward.writes(ward.ana, "It went well")

    await ward.until(madrid(3, 6, "08:01"))
    assert not any("park" in text for text in texts(ward.cole))
    await ward.taps(ward.cole, "Words of BIRCH-07")
    assert any("Goals of BIRCH-07" in text and "• Call my sister" in text for text in texts(ward.cole))
    assert "park" not in "".join(texts(ward.day) + texts(ward.kim))


async def test_a_break_is_chosen_with_a_tap_moved_and_ended(ward: Ward) -> None:
    await ward.writes(ward.ana, "/menu")
    await ward.taps(ward.ana, "Take a break", "For 1 week")
    assert ward.ana.last.text.startswith("All right. Nothing will be asked until Monday 9 March;")
    await ward.writes(ward.ana, "/pause")
    await ward.writes(ward.ana, "until 20 March")
    assert ward.ana.last.text.startswith("All right. Nothing will be asked until Friday 20 March;")
    old = next(
        b.data
        for shown in ward.sandbox.ledger.ever_shown(ward.ana.user_id)
        for row in shown.buttons
        for b in row
        if b.label == "For 3 days"
    )

    await ward.until(madrid(3, 20, "08:30"))
    await ward.looks_at_what_is_due()
    assert ward.ana.last.text.startswith("The check-ins go on. The next one comes on Monday 23 March at 09:00.")
    ward.ana.taps_old(ward.ana.last.message_id, old or "")
    await ward.settle()

    assert ward.ana.toasts[-1] == ward.says("toast.no_longer_open")  # its day has passed: no break begins
    assert (await ward.enrolment("BIRCH-07")).state == "active"
    assert await ward.checkins() == []
    assert await ward.flags() == []  # a break is no silence


async def test_a_break_survives_a_restart(ward: Ward) -> None:
    await ward.writes(ward.ana, "/pause 2026-03-09")

    await ward.is_down_until(madrid(3, 9, "08:30"))

    assert ward.ana.last.text.startswith("The check-ins go on. The next one comes on Monday 9 March at 09:00.")


async def test_who_reads_what_is_said_with_names_and_hours(ward: Ward) -> None:
    await ward.writes(ward.ana, "/who")

    assert "Dr Cole gets a summary of your answers once a day, on working days at 08:00." in ward.ana.last.text
    assert "Nobody is watching this chat live." in ward.ana.last.text


async def test_a_page_is_no_stranger_s_and_no_clinician_s(clinic: Ward) -> None:
    commands = ("/menu", "/time", "/zone", "/quiet", "/goals", "/who", "/language", "/mydata", "/forget", "/pause")
    before = texts(clinic.cole)

    await clinic.writes(clinic.cy, *commands)
    await clinic.writes(clinic.cole, *commands)

    assert texts(clinic.cy) == [clinic.says("stranger")] * len(commands)
    assert texts(clinic.cole)[len(before) :] == [clinic.says("staff.not_for_you")] * len(commands)


async def test_only_commands_that_exist_are_commands(ward: Ward) -> None:
    await ward.writes(ward.ana, "/feel worse", "/times are hard", "/goal")

    assert await ward.words(ward.ana) == ["/feel worse", "/times are hard", "/goal"]
    assert ward.ana.last.text == ward.says("message.kept", clinician="Dr Cole")


async def test_luz_decides_all_of_it_in_spanish(clinic: Ward) -> None:
    luz = await _luz(clinic)
    await clinic.writes(luz, "/menu")
    await clinic.taps(luz, "Tomar un descanso", "Volver a la lista", "Hora del día", "18:00")
    assert luz.last.text.startswith("De acuerdo, sus preguntas llegan a las 18:00 a partir de ahora.")
    await clinic.writes(luz, "/zone Londres")
    await clinic.taps(luz, "Europe, London")
    await clinic.writes(luz, "/quiet de 22 a 7", "/goals Dormir mejor", "/goals", "/who", "/time nunca", "/zone zzzz")
    assert luz.last.text == clinic.says("zone.none_found", language="es")
    await clinic.writes(luz, "/pause hasta el 4/5", "/pause", "/mydata", "/forget")
    await clinic.taps(luz, "No, guardarlo")

    assert "hasta el lunes 4 de mayo" in "".join(ever(clinic, luz))
    assert (await clinic.enrolment("OLMO-01")).at == ["18:00"]
    english = (" the ", " you ", "Check-in", "clinic ", "Thank", "goal")
    assert not any(word in text for text in ever(clinic, luz) for word in english)


async def _luz(clinic: Ward) -> OnThePhone:
    luz = clinic.sandbox.person("Luz", "es")
    invited = await clinic.invite(
        Role.PATIENT, "OLMO-01", name="Luz", clinician="COLE", language="es", zone="America/Mexico_City"
    )
    await clinic.enrol(luz, invited.link, yes="Sí, quiero participar", right="Sí")
    return luz
