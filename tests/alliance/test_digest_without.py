"""A kept digest loses the lines about one patient, keeps all others, and can still be read."""

import json
from dataclasses import replace

from alliance.digest import Recovered, Wrote
from alliance.digest_json import as_json, from_json, without_patient
from tests.alliance.one_digest import A_FALL, A_SILENCE, QUIET_DAY

WROTE = Wrote(patient_id=7, code_name="BIRCH-07", messages=2, unscreened=0, message_rows=(1, 2))
RECOVERED = Recovered(code_name="BIRCH-07", domain="bond", days=9, was_short=False)
OTHER_FLAG = replace(A_SILENCE, patient_id=8, code_name="MAPLE-02")
OTHER_WROTE = replace(WROTE, patient_id=8, code_name="MAPLE-02")

A_DAY = replace(
    QUIET_DAY,
    flags=(A_FALL, OTHER_FLAG),
    wrote=(WROTE, OTHER_WROTE),
    undeliverable=("BIRCH-07", "MAPLE-02"),
    left=("BIRCH-07",),
    recovered=(RECOVERED,),
)


def test_every_line_about_the_patient_goes_and_no_other() -> None:
    cleared = without_patient(as_json(A_DAY), patient_id=7, code_name="BIRCH-07")

    assert from_json(cleared) == replace(
        A_DAY, flags=(OTHER_FLAG,), wrote=(OTHER_WROTE,), undeliverable=("MAPLE-02",), left=(), recovered=(), erased=5
    )
    assert "BIRCH-07" not in json.dumps(cleared)


def test_a_digest_that_does_not_name_the_patient_stays_as_it_is() -> None:
    content = as_json(A_DAY)

    assert without_patient(content, patient_id=9, code_name="OAK-01") == content
