"""What a run found, as a figure and as a page: the rules behind false alarms, never a comment's words."""

from collections import Counter
from collections.abc import Sequence

from benchmarks.report import Report, Result, as_markdown, bars
from benchmarks.screen.measure import Comments


def figure(disguised: Sequence[Result]) -> str:
    """The share caught under each disguise."""
    return bars({result.metric.removeprefix("caught "): result.value for result in disguised}, unit="caught")


def explained(comments: Comments | None) -> str:
    """Each false alarm by its rule and reason."""
    if comments is None:
        return "No file of comments was given: --file counts false alarms."
    counted = Counter((hit.rule, hit.degree, hit.why) for hit in comments.hits)
    lines = [f"{times} x {rule} ({degree}): {why}" for (rule, degree, why), times in counted.most_common()]
    return "\n".join(["Ordinary comments taken for a crisis, by rule:", *(lines or ["none"])])


def page(found: Report, disguised: Sequence[Result], comments: Comments | None, *, source: str) -> str:
    """The page a full run writes."""
    return f"""# Crisis screen: what it finds, what it takes for a crisis, how long it needs

Written by `./checkin bench screen --file FILE --column COLUMN`. The messages are made up and lie in
`tests/alliance/corpus/`. Comments: {source or "none were given"}.

`tuning`, `worked with` and the phrase suite are what the rules were worked on with. `held_out_1` was frozen before all
work on the rules, the others before later rounds. The first to the fourth and the sixth to the ninth were worked with
afterwards, and the weights of words were learned from them too. Nothing was learned from the fifth and the tenth
English set nor from the fourth and the ninth Spanish one: their rows are the honest ones, and so are the first
readings in [crisis-screen.md](../crisis-screen.md). One author wrote the rules and all messages, so all figures
flatter: a clinic should measure messages of its own. The comments given were learned from as examples of ordinary
ones; what they would have cost unseen is printed by `python -m benchmarks.screen.weigh`.

{as_markdown(found)}
## Disguises

```
{figure(disguised)}
```

## Ordinary comments

```
{explained(comments)}
```
"""
