"""An upper bound: a reader who knows each patient's usual, swing and habits, and sees ratings before any rounding.

It averages the exact likelihood ratio over every onset, shape and domain, so nobody who has to learn these things
from the answers can be expected to do better.
"""

# numpy and matplotlib leave parts of their types open
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

from dataclasses import dataclass

import numpy as np

from benchmarks.detection.simulation import (
    BOND,
    DEPTHS,
    DOMAINS,
    LENGTH_WITHIN,
    LOOKED_AFTER,
    PROMPTS,
    REPLIES,
    SHAPES,
    SKIPS_BOND,
    SKIPS_BOND_WITHDRAWN,
    WITHDRAWN_LENGTH,
    Array,
    Flags,
    Shape,
    Ward,
    Whole,
)

EARLIEST = 4  # prompts; before, nobody says anything
SELDOM = {Shape.WITHDRAWAL: 0.3, Shape.SILENCE: 0.3}  # as rare against falls as the alarms they would cost
NOTHING = -1e9


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """A ward as somebody sees it who knows everything about its patients but whether something happens."""

    ward: Ward
    news: Array  # what each answer adds to what the one before made expect, in standard deviations
    fades: Array  # what is left of the answer before
    last: Whole  # its prompt, -1 for none
    given: Flags
    precision: Array  # inverse correlation of the domains


def scores_of_ceiling(ward: Ward) -> Array:
    """The log likelihood ratio of anything that may be going on, at each prompt."""
    known = _known(ward)
    scores = np.full((len(ward.replied), PROMPTS), -np.inf)
    for shape in SHAPES:
        sets = [np.ones(DOMAINS), *np.eye(DOMAINS)]
        if shape in SELDOM:
            sets = sets[:1]
        for onset in range(PROMPTS):
            until = min(PROMPTS, onset + len(DEPTHS[shape]) + LOOKED_AFTER)
            habits = _habits(known, shape, onset)
            for hit in sets:
                ratio = np.cumsum(habits + _falls(known, shape, onset, hit), axis=1)[:, onset:until]
                weight = SELDOM.get(shape, 1.0) * (1.0 if shape in SELDOM else 0.5 if hit.all() else 1 / 6)
                scores[:, onset:until] = np.logaddexp(scores[:, onset:until], ratio + np.log(weight))
    scores[:, :EARLIEST] = NOTHING
    return np.where(ward.delivered, scores, NOTHING)


def _known(ward: Ward) -> _Known:
    shared, lingers = ward.setting.shared, ward.setting.lingers
    hidden = ward.hidden
    felt = np.where(np.isnan(ward.ratings), np.nan, hidden.felt)
    off = (felt - hidden.usual[:, None, :]) / hidden.swing[:, None, None]
    given = ~np.isnan(off[:, :, 0])
    expected = shared / (1 + shared) * (off[:, :, 0] + off[:, :, 1])
    off[:, :, BOND] = np.where(np.isnan(off[:, :, BOND]), expected, off[:, :, BOND])
    last = np.full(given.shape, -1)
    for prompt in range(1, PROMPTS):
        last[:, prompt] = np.where(given[:, prompt - 1], prompt - 1, last[:, prompt - 1])
    fades = np.where(last >= 0, lingers ** (np.arange(PROMPTS)[None, :] - last).astype(float), 0.0)
    filled = np.nan_to_num(off)
    before = filled[np.arange(len(filled))[:, None], last]
    correlation = (1 - shared) * np.eye(DOMAINS) + shared
    return _Known(
        ward=ward,
        news=filled - fades[:, :, None] * before,
        fades=fades,
        last=last,
        given=given,
        precision=np.linalg.inv(correlation).astype(np.float64),
    )


def _falls(known: _Known, shape: Shape, onset: int, hit: Array) -> Array:
    depth = np.zeros(PROMPTS)
    depths = DEPTHS[shape][: PROMPTS - onset]
    depth[onset : onset + len(depths)] = depths
    news_of_fall = depth[None, :] - known.fades * np.where(known.last >= 0, depth[known.last], 0.0)
    weighed = known.precision @ hit
    ratio = -(known.news @ weighed) * news_of_fall - 0.5 * (hit @ weighed) * news_of_fall**2
    return np.where(known.given, ratio / (1 - known.fades**2), 0.0)


def _habits(known: _Known, shape: Shape, onset: int) -> Array:
    ward, hidden = known.ward, known.ward.hidden
    since = np.arange(PROMPTS) - onset
    on = ((since >= 0) & (since < len(DEPTHS[shape])))[None, :]
    usual = np.broadcast_to(hidden.reply_rate[:, None], ward.replied.shape)
    rate = np.where(on, np.maximum(usual * REPLIES.get(shape, 1.0), 1e-4), usual)
    ratio = np.where(ward.replied, np.log(rate / usual), np.log((1 - rate) / (1 - usual)))
    ratio = np.where(ward.delivered, ratio, 0.0)
    if shape is not Shape.WITHDRAWAL:
        return ratio
    off, fall = np.nan_to_num(ward.log_words) - hidden.log_words[:, None], np.log(WITHDRAWN_LENGTH)
    ratio = ratio + np.where(ward.replied & on, (off * fall - fall * fall / 2) / LENGTH_WITHIN**2, 0.0)
    skipped = np.isnan(ward.ratings[:, :, BOND])
    left_out = np.log(SKIPS_BOND_WITHDRAWN / SKIPS_BOND)
    kept = np.log((1 - SKIPS_BOND_WITHDRAWN) / (1 - SKIPS_BOND))
    return ratio + np.where(known.given & on, np.where(skipped, left_out, kept), 0.0)
