"""What a coordinator sees of a cadence: how it is, what it would be, and the next dates before saving."""

from collections.abc import Sequence

from alliance.buttons import encode
from alliance.cadence import PRESETS
from alliance.presses import SetCadence
from alliance.saying import Button, Saying, headed
from alliance.wording import Wording

IN_A_ROW = 2  # presets side by side on a phone


def cadence_choices(
    wording: Wording, *, patient_id: int, code_name: str, words: str | None, next_dates: Sequence[str]
) -> Saying:
    """The cadence a patient has, the next dates, and the presets to choose from."""
    lines = [words or wording("cadence.none"), *_listed(next_dates), "", wording("cadence.choose")]
    return headed(wording("cadence.title", who=code_name), "\n".join(lines), rows=_presets(wording, patient_id))


def cadence_preview(
    wording: Wording,
    *,
    patient_id: int,
    code_name: str,
    preset: str,
    words: str,
    next_dates: Sequence[str],
    saved: bool,
) -> Saying:
    """What a preset means for this patient, with a button to save it or to look at another one."""
    state = wording("cadence.saved" if saved else "cadence.not_saved")
    lines = [words, *_listed(next_dates), "", state]
    press = encode(SetCadence(patient_id=patient_id, preset=preset, save=True))
    save = () if saved else ((Button(label=wording("cadence.save"), press=press),),)
    rows = () if saved else (*save, *_presets(wording, patient_id))
    return headed(wording("cadence.title", who=code_name), "\n".join(lines), rows=rows)


def _listed(dates: Sequence[str]) -> list[str]:
    return [f"• {date}" for date in dates]


def _presets(wording: Wording, patient_id: int) -> tuple[tuple[Button, ...], ...]:
    buttons = [
        Button(
            label=wording(f"cadence.preset.{preset}"),
            press=encode(SetCadence(patient_id=patient_id, preset=preset, save=False)),
        )
        for preset in PRESETS
    ]
    return tuple(tuple(buttons[start : start + IN_A_ROW]) for start in range(0, len(buttons), IN_A_ROW))
