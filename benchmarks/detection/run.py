"""One run of the detection benchmark: every method on the same patients, ours on other scales and clinics too."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.detection import speed
from benchmarks.detection.alarms import false_alarms, limit_for
from benchmarks.detection.found import HEADLINE, Found, Stress
from benchmarks.detection.judge import METHODS, OURS, Judged, Size, judged, scored, spread_of_false, unharmed, wards
from benchmarks.detection.ours import quiet_floor_lines, scores_of_ours
from benchmarks.detection.simulation import EXPECTED, RESOLUTIONS, STRESS, Array, Setting, Ward

Progress = Callable[[str], None]  # what is being looked at now


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """How many patients for each part."""

    main: Size
    resolution: Size | None  # None: only the usual scale and clinic
    stress: int
    floor: int


QUICK = Sizes(main=Size(unharmed=1200, each_shape=200), resolution=None, stress=0, floor=150)
FULL = Sizes(
    main=Size(unharmed=5000, each_shape=1200), resolution=Size(unharmed=2000, each_shape=400), stress=1500, floor=1000
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What was found, and the scores from which the calibration table follows, by points."""

    found: Found
    unharmed: Mapping[int, Array]


def run(sizes: Sizes, *, progress: Progress) -> Outcome:
    """Simulate, calibrate, judge."""
    drawn = wards(EXPECTED, sizes.main)
    methods: list[Judged] = []
    limit, calibration = 0.0, dict[int, Array]()
    for name, method in METHODS.items():
        progress(name)
        scores = scored(method, drawn)
        methods += judged(name, scores, drawn)
        if name == OURS:
            calibration[EXPECTED.points] = scores.calibration
            limit = limit_for(HEADLINE, scores.calibration)
    bare: list[Judged] = []
    resolutions: dict[int, list[Judged]] = {}
    if sizes.resolution is not None:
        progress("ratings alone")
        bare = judged(OURS, scored(_without_lengths, drawn), drawn)
        resolutions[EXPECTED.points] = [one for one in methods if one.method == OURS]
        for setting in RESOLUTIONS:
            progress(setting.name)
            others = wards(setting, sizes.resolution)
            scores = scored(scores_of_ours, others)
            calibration[setting.points] = scores.calibration
            resolutions[setting.points] = judged(OURS, scores, others)
    found = Found(
        methods=methods,
        without_lengths=bare,
        resolutions=resolutions,
        stress=[_stressed(case, sizes.stress, limit, progress) for case in STRESS] if sizes.stress else [],
        low_starts=quiet_floor_lines(unharmed(EXPECTED, sizes.floor)),
        microseconds=speed.microseconds(),
    )
    return Outcome(found=found, unharmed=calibration)


def _without_lengths(ward: Ward) -> Array:
    return scores_of_ours(ward, lengths=False)


def _stressed(case: Setting, patients: int, limit: float, progress: Progress) -> Stress:
    progress(case.name)
    scores = scores_of_ours(unharmed(case, patients))
    return Stress(name=case.name, false=false_alarms(scores, limit), error=spread_of_false(scores, limit))
