"""Simulated patients: what they answer, when they do not, how much they write, and what becomes of a rupture.

Numbers are those of published ratings and reply rates; where the literature is silent, an assumption is named.
Everything is in fractions of the scale's range, 0 to 1, and vectorised over patients.
"""

# numpy and matplotlib leave parts of their types open
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]

PROMPTS = 24  # over twelve weeks, so two a week
DOMAINS = 3  # goals, tasks, bond
BOND = 2
EARLIEST_ONSET, LATEST_ONSET = 8, 14  # prompts; before is a usual to learn, after is room for the longest shape
LOOKED_AFTER = 2  # prompts after a shape in which an alarm still counts as noticing it

MEAN, BETWEEN_SPREAD = 0.79, 0.16  # a Beta of these has skew -.97, and one in nine within .03 of the ceiling
SWINGS = (0.08, 0.12, 0.17)  # within-person standard deviations of low, usual and high clinics
REPLY_WEIGHT = 6.0  # reply rates are Beta(6p, 6(1-p))
SHARED = 0.7  # correlation of the three domains, of usuals as of swings
LENGTH_MEAN, LENGTH_BETWEEN, LENGTH_WITHIN = 2.3, 0.7, 0.6  # log words; assumed, about ten words
SKIPS_BOND, SKIPS_BOND_WITHDRAWN = 0.04, 0.30  # share of replies without the bond item; assumed


class Shape(StrEnum):
    """What happens to a patient, after the benchmark's list of seven, and nothing."""

    NOTHING = "nothing"
    V = "V"
    STEP_SMALL = "step 1.5 SD"
    STEP = "step 2 SD"
    STEP_LARGE = "step 3 SD"
    RAMP = "ramp"
    WITHDRAWAL = "withdrawal"
    SILENCE = "silence"


SHIFTS = (Shape.V, Shape.STEP_SMALL, Shape.STEP, Shape.STEP_LARGE, Shape.RAMP)  # of the score
SHAPES = (*SHIFTS, Shape.WITHDRAWAL, Shape.SILENCE)

# depth in the person's own standard deviations, prompt by prompt
DEPTHS = {
    Shape.NOTHING: (),
    Shape.V: (3.0,),
    Shape.STEP_SMALL: (1.5,) * 6,
    Shape.STEP: (2.0,) * 4,
    Shape.STEP_LARGE: (3.0,) * 4,
    Shape.RAMP: (0.625, 1.25, 1.875, 2.5, 2.5, 2.5, 2.5, 2.5),  # over four prompts, held to the eighth
    Shape.WITHDRAWAL: (0.5,) * 8,  # ratings barely move
    Shape.SILENCE: (0.0,) * 8,
}
REPLIES = {Shape.WITHDRAWAL: 0.35, Shape.SILENCE: 0.0}  # of the usual reply rate
WITHDRAWN_LENGTH = 0.5  # of the usual number of words


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """The clinic that is simulated; a stress case is a setting that differs from what the detector expects."""

    name: str = "as expected"
    points: int = 7  # of the scale
    mean: float = MEAN
    between_spread: float = BETWEEN_SPREAD
    swings: tuple[float, ...] = SWINGS  # one of them for each patient
    swing_log_spread: float = 0.35
    lingers: float = 0.25  # lag-1 autocorrelation
    shared: float = SHARED
    shared_moods: float | None = None  # of the swings, where it is another than that of the usuals
    reply_rate: float = 0.72
    outages: float = 0.0  # share of prompts that the system itself does not deliver, in stretches of three
    always_highest: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Ward:
    """What was seen of some patients, one row each; NaN where nothing was given."""

    setting: Setting
    shape: Shape
    delivered: Flags  # patients, prompts
    replied: Flags
    ratings: Array  # patients, prompts, domains
    log_words: Array  # patients, prompts
    onset: Whole  # first prompt of the shape
    length: int  # prompts the shape lasts
    hidden: "Hidden"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hidden:
    """What nobody but the simulation knows: for the upper bound."""

    usual: Array  # patients, domains
    swing: Array  # patients
    reply_rate: Array  # patients
    log_words: Array  # patients
    felt: Array  # patients, prompts, domains: before the scale cuts and rounds
    hit: Flags  # patients, domains


def simulate(setting: Setting, shape: Shape, patients: int, chance: np.random.Generator) -> Ward:
    """Draw so many patients to whom that happens; the same generator state gives the same ward."""
    usual = _usual(setting, patients, chance)
    swing = chance.choice(setting.swings, patients) * np.exp(chance.normal(0, setting.swing_log_spread, patients))
    rate = chance.beta(REPLY_WEIGHT * setting.reply_rate, REPLY_WEIGHT * (1 - setting.reply_rate), patients)
    onset = chance.integers(EARLIEST_ONSET, LATEST_ONSET + 1, patients)
    hit = _hit(shape, patients, chance)
    since = np.arange(PROMPTS)[None, :] - onset[:, None]
    depths = np.array(DEPTHS[shape])
    on = (since >= 0) & (since < len(depths))
    depth = np.where(on, depths[np.clip(since, 0, max(len(depths) - 1, 0))] if len(depths) else 0.0, 0.0)
    felt = usual[:, None, :] + swing[:, None, None] * _moods(setting, patients, chance)
    felt = felt - swing[:, None, None] * depth[:, :, None] * hit[:, None, :]
    delivered = ~_outages(setting, patients, chance)
    replied = delivered & (chance.random((patients, PROMPTS)) < rate[:, None] * np.where(on, REPLIES.get(shape, 1), 1))
    withdrawn = on & (shape is Shape.WITHDRAWAL)
    skips = chance.random((patients, PROMPTS)) < np.where(withdrawn, SKIPS_BOND_WITHDRAWN, SKIPS_BOND)
    words_usual = chance.normal(LENGTH_MEAN, LENGTH_BETWEEN, patients)
    words = words_usual[:, None] + chance.normal(0, LENGTH_WITHIN, (patients, PROMPTS))
    words = words + np.where(withdrawn, np.log(WITHDRAWN_LENGTH), 0.0)
    steps = setting.points - 1
    ratings = np.round(np.clip(1.0 if setting.always_highest else felt, 0, 1) * np.ones_like(felt) * steps) / steps
    ratings[~replied] = np.nan
    ratings[:, :, BOND][skips] = np.nan
    return Ward(
        setting=setting,
        shape=shape,
        delivered=delivered,
        replied=replied,
        ratings=ratings,
        log_words=np.where(replied, words, np.nan),
        onset=onset,
        length=len(depths),
        hidden=Hidden(usual=usual, swing=swing, reply_rate=rate, log_words=words_usual, felt=felt, hit=hit),
    )


def _usual(setting: Setting, patients: int, chance: np.random.Generator) -> Array:
    """Skewed usuals, correlated from domain to domain by a Gaussian copula."""
    weight = setting.mean * (1 - setting.mean) / setting.between_spread**2 - 1
    normal = _correlated(setting.shared, (patients,), chance)
    return stats.beta.ppf(special.ndtr(normal), setting.mean * weight, (1 - setting.mean) * weight)


def _correlated(shared: float, shape: tuple[int, ...], chance: np.random.Generator) -> Array:
    together, apart = chance.normal(size=(*shape, 1)), chance.normal(size=(*shape, DOMAINS))
    return np.sqrt(shared) * together + np.sqrt(1 - shared) * apart


def _moods(setting: Setting, patients: int, chance: np.random.Generator) -> Array:
    shared = setting.shared if setting.shared_moods is None else setting.shared_moods
    news = _correlated(shared, (patients, PROMPTS), chance)
    mood = np.empty_like(news)
    mood[:, 0] = news[:, 0]
    for prompt in range(1, PROMPTS):
        mood[:, prompt] = setting.lingers * mood[:, prompt - 1] + np.sqrt(1 - setting.lingers**2) * news[:, prompt]
    return mood


def _hit(shape: Shape, patients: int, chance: np.random.Generator) -> Flags:
    """Half of the shifts hit one domain, half all three; withdrawal is from everything."""
    one = np.eye(DOMAINS, dtype=bool)[chance.integers(0, DOMAINS, patients)]
    everywhere = chance.random(patients) < 0.5  # noqa: PLR2004  # half
    return np.ones_like(one) if shape is Shape.WITHDRAWAL else one | everywhere[:, None]


def _outages(setting: Setting, patients: int, chance: np.random.Generator) -> Flags:
    """Stretches of three prompts that never left us, the same for everybody, as outages are."""
    out = np.zeros((patients, PROMPTS), dtype=bool)
    for _ in range(round(setting.outages * PROMPTS / 3)):
        first = int(chance.integers(0, PROMPTS - 2))
        out[:, first : first + 3] = True
    return out


EXPECTED = Setting()
RESOLUTIONS = tuple(replace(EXPECTED, name=f"{points} points", points=points) for points in (5, 11))
STRESS = (
    *(replace(EXPECTED, name=f"swings around .{round(swing * 100):02}", swings=(swing,)) for swing in SWINGS),
    replace(EXPECTED, name="people differ 40 % less", between_spread=BETWEEN_SPREAD * 0.6),
    replace(EXPECTED, name="people differ 40 % more", between_spread=BETWEEN_SPREAD * 1.4),
    replace(EXPECTED, name="easy raters", mean=0.90, between_spread=0.10),
    replace(EXPECTED, name="system outages", outages=0.25),
    replace(EXPECTED, name="always the highest", always_highest=True),
    replace(EXPECTED, name="no autocorrelation", lingers=0.0),
    replace(EXPECTED, name="autocorrelation .4", lingers=0.4),
    replace(EXPECTED, name="domains swing apart (.4)", shared_moods=0.4),
    replace(EXPECTED, name="domains swing together (.85)", shared_moods=0.85),
    replace(EXPECTED, name="60 % reply", reply_rate=0.60),
    replace(EXPECTED, name="85 % reply", reply_rate=0.85),
)
