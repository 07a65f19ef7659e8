"""A roster as spreadsheets save it: what is taken, and which line is refused for which reason."""

import pytest

from alliance.cadence import NotACadence
from alliance.roster import LARGEST_FILE, BrokenSheet, RefusedRow, RosterRow, read_roster
from alliance.roster_cadence import RosterCadence, read_cadence
from alliance.sheet import guarded

ANA = RosterRow(line=2, clinic_id="A-17", cells={"code_name": "BIRCH-07", "name": "Ana Pérez", "phone": "+34 600 1"})


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("clinic_id,code_name,name,phone\nA-17,BIRCH-07,Ana Pérez,+34 600 1\n".encode(), id="plain"),
        pytest.param(
            "clinic_id,code_name,name,phone\nA-17,BIRCH-07,Ana Pérez,+34 600 1\n".encode("utf-8-sig"),
            id="byte order mark",
        ),
        pytest.param(
            "Clinic ID;Code name;Name;Phone\r\nA-17;BIRCH-07;Ana Pérez;+34 600 1\r\n".encode(), id="Excel in Spain"
        ),
        pytest.param("clinic_id\tcode_name\tname\tphone\rA-17\tBIRCH-07\tAna Pérez\t+34 600 1".encode(), id="tabs"),
        pytest.param(
            'clinic_id,code_name,name,phone,,\n"A-17", BIRCH-07 ,"Ana\u00a0Pérez",+34 600 1,,\n,,,,,\n'.encode(),
            id="quotes, spaces and empty cells",
        ),
        pytest.param("phone,name,code_name,clinic_id\n+34 600 1,Ana Pérez,BIRCH-07,A-17".encode(), id="another order"),
    ],
)
def test_a_roster_is_read_however_a_spreadsheet_saved_it(raw: bytes) -> None:
    assert read_roster(raw).rows == (ANA,)


def test_a_line_that_names_the_separator_and_cells_of_two_lines_move_the_count() -> None:
    raw = b'sep=;\r\nclinic_id;name\r\nA-1;"Ana\r\nMaria"\r\nA-2;Ben\r\n'

    rows = read_roster(raw).rows

    assert [(row.line, row["name"]) for row in rows] == [(3, "Ana Maria"), (5, "Ben")]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        pytest.param(b"", "The file is empty", id="empty"),
        pytest.param(b"\xff\xfea\x00", "Line 1: the file is UTF-16", id="UTF-16"),
        pytest.param(
            b"clinic_id,name\nA-1,Ana\nA-2,P\xe9rez\n", "Line 3: a letter there is not in UTF-8", id="Latin-1"
        ),
        pytest.param(b"clinic_id,langage\n", "Line 1: there is no column called 'langage'", id="unknown column"),
        pytest.param(b"clinic_id,name,Name\n", "Line 1: the column name is there twice", id="a column twice"),
        pytest.param(b"name,phone\nAna,1\n", "Line 1: the column clinic_id is missing", id="no id"),
        pytest.param(b'clinic_id,name\nA-1,"Ana\n', "Line 2: the cells cannot be told apart", id="open quotes"),
        pytest.param(b"x" * (LARGEST_FILE + 1), "larger than 8 MB", id="too large"),
        pytest.param(
            b"clinic_id\n" + b"A\n" * 50_001, "Line 50002: a roster has 50000 rows at most", id="too many rows"
        ),
    ],
)
def test_a_file_that_is_no_roster_is_refused_with_its_line(raw: bytes, says: str) -> None:
    with pytest.raises(BrokenSheet, match=says.replace("(", r"\(")):
        read_roster(raw)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        pytest.param({"clinic_id": ""}, "clinic_id: it is empty, and nobody can be told apart without it.", id="no id"),
        pytest.param({"name": "=2+5"}, "name: it begins like a formula of a spreadsheet.", id="formula"),
        pytest.param({"name": "@SUM(A1)"}, "name: it begins like a formula of a spreadsheet.", id="old formula"),
        pytest.param({"phone": "+A1"}, "phone: it begins like a formula of a spreadsheet.", id="formula for a number"),
        pytest.param({"phone": "home"}, "phone: this is no telephone number.", id="no number"),
        pytest.param(
            {"phone": "3.46E+10"}, "phone: a spreadsheet has shortened this number; make the column text there.", id="E"
        ),
        pytest.param({"name": "A" * 121}, "name: it has 121 characters; 120 are the most.", id="too long"),
        pytest.param({"name": "Ana\u202e"}, "name: there is a character in it that cannot be seen.", id="unseen"),
        pytest.param(
            {"zone": "Mars/Base"}, "zone: there is no time zone called Mars/Base; write it as Europe/Madrid.", id="zone"
        ),
    ],
)
def test_a_row_that_cannot_be_used_says_why_and_its_neighbour_is_none_the_worse(
    cells: dict[str, str], why: str
) -> None:
    row = {
        "clinic_id": "A-17",
        "code_name": "BIRCH-07",
        "name": "Ana",
        "zone": "Europe/Madrid",
        "phone": "1 2 3",
    } | cells
    raw = f"{','.join(row)}\nA-1,ASH-01,Ben,Europe/Lisbon,+351 1\n{','.join(row.values())}\n".encode()

    read = read_roster(raw)

    assert [one["code_name"] for one in read.rows] == ["ASH-01"]
    assert read.refused == (RefusedRow(line=3, clinic_id=row["clinic_id"], code_name="BIRCH-07", why=why),)


def test_a_row_with_a_cell_too_many_is_refused() -> None:
    assert [one.why for one in read_roster(b"clinic_id,name\nA-1,Perez, Ana\n").refused] == [
        "This row has more cells than the header has columns."
    ]


def test_two_people_of_one_id_or_one_code_name_are_both_refused() -> None:
    raw = b"clinic_id,code_name\nA-1,ASH\nA-2,BIRCH\na-1,CEDAR\nA-4,birch\nA-5,ELM\n"

    read = read_roster(raw)

    assert [row["code_name"] for row in read.rows] == ["ELM"]
    assert [(row.line, row.why) for row in read.refused] == [
        (2, "clinic_id: the same one stands on line 4."),
        (3, "code_name: the same one stands on line 5."),
        (4, "clinic_id: the same one stands on line 2."),
        (5, "code_name: the same one stands on line 3."),
    ]


@pytest.mark.parametrize(
    ("words", "rules", "at"),
    [
        pytest.param("Twice a week", ("FREQ=WEEKLY;BYDAY=MO,TH",), (), id="preset"),
        pytest.param("daily at 9:00, 18:30", ("FREQ=DAILY",), ("09:00", "18:30"), id="with times"),
        pytest.param("weekly on Tuesday at 18:00", ("FREQ=WEEKLY;BYDAY=TU",), ("18:00",), id="words"),
        pytest.param("cada lunes", ("FREQ=WEEKLY;BYDAY=MO",), (), id="Spanish words"),
        pytest.param(
            "FREQ=WEEKLY;BYDAY=TU and FREQ=MONTHLY;BYMONTHDAY=1 at 18:00",
            ("FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYMONTHDAY=1"),
            ("18:00",),
            id="rules",
        ),
    ],
)
def test_a_cadence_is_a_preset_or_rules_and_perhaps_times(
    words: str, rules: tuple[str, ...], at: tuple[str, ...]
) -> None:
    assert read_cadence(words) == RosterCadence(rules=rules, at=at)


@pytest.mark.parametrize(
    "words", ["now and then", "daily at 25:00", "", "weekly and", "daily for 2 weeks, then every Monday"]
)
def test_a_cadence_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(NotACadence):
        read_cadence(words)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_work_out_is_guarded_and_others_are_not(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert guarded(f"a{cell}") == f"a{cell}"
