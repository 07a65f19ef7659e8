"""A digest asks the database as many questions for sixty patients as for twelve, and nobody is left without one."""

from pathlib import Path

from benchmarks.digests.clinic import Size
from benchmarks.digests.run import Times, run


async def _times(folder: Path, patients: int) -> Times:
    folder.mkdir()
    return await run(folder, Size(clinicians=2, patients=patients, checkins=4))


async def test_the_questions_of_a_digest_do_not_grow_with_the_caseload(tmp_path: Path) -> None:
    small = await _times(tmp_path / "small", 12)
    large = await _times(tmp_path / "large", 60)

    assert (small.missing, large.missing) == (0, 0)
    assert (small.messages, large.messages) == (2 * 2, 2 * 6)  # a summary, and a card for every twelfth patient
    assert small.questions == large.questions
