"""What a crisis pattern may not be: so wide that ordinary messages are taken for a crisis."""

from alliance.phrase_pattern import Pattern, UnreadablePattern, shortest_ways

_SHORTEST_ALONE = 3  # letters of a word that may make a hit by itself
_MOST_WAYS = 500  # of one pattern; those beyond it differ in a synonym only
_FEWEST_COMMON = 3  # words a pattern needs if none of them says anything by itself
# Words that stand in most messages, in English and in Spanish.
_WORDS = """
a all am an and any are as at be been but by can could did do does for from get go going good got had has have
he her here him his how i if in is it just last like long make me more much my need next no not now of off on
one or our out over she so some take that the their them then there they thing things this time to today too
took up us very want was we week well were what when where which who will with would you your al algo ahora
bien como con cuando de del el ella en era es esa ese esta estas este esto estoy fue ha hace hay he hoy la las
le les lo los mas me mi mis muy nada no nos o para pero por porque que quiero se semana sin sobre son soy su
sus tan te tengo ti tiene todo todos tu un una va voy y ya yo
"""
_COMMON = frozenset(_WORDS.split())


def refuse_too_wide(pattern: Pattern) -> None:
    """Raise UnreadablePattern if the pattern can be matched by too few words, all of them common."""
    if pattern.fewest >= _FEWEST_COMMON:
        return  # and what would take longest to write out is told apart by counting
    ways: list[tuple[str, ...]] = [()]
    for stretch in pattern.stretches:
        ways = [before + way for before in ways for way in shortest_ways(stretch.phrase)][:_MOST_WAYS]
    for way in ways:
        telling = [word for word in way if word not in _COMMON]
        if not telling and len(way) < _FEWEST_COMMON and not pattern.at_end_only:
            raise UnreadablePattern(f"it would be matched by {' '.join(way)!r}, which stands in ordinary messages")
        if len(way) == 1 and len(way[0]) < _SHORTEST_ALONE:
            raise UnreadablePattern(f"{way[0]!r} is too short to mean a crisis by itself")
