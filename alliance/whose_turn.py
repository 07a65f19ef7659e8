"""Whom the question about the bond means, where several clinicians care for one patient: each in turn."""

from collections.abc import Sequence


def whose_turn(clinicians: Sequence[int], *, asked_before: Sequence[int]) -> int:
    """The one who has not been asked about for the longest time; who never was comes first.

    ``clinicians`` are the patient's at this moment, the primary one first, who wins a tie; ``asked_before`` tells
    whom each check-in meant that has reached the patient, the newest first. So each is asked about equally often,
    whoever joins is asked about next, and one who has gone is asked about no more. Raises ValueError for nobody.
    """
    newest_first = {clinician: place for place, clinician in reversed(list(enumerate(asked_before)))}
    return max(clinicians, key=lambda clinician: newest_first.get(clinician, len(asked_before)))
