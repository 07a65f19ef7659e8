"""The crisis phrase base as it is shipped, read from its files."""

from importlib.resources import files

from alliance.crisis import CrisisRules, parse_rules


def shipped_phrases() -> CrisisRules:
    """Every language's list together; raises BrokenRules with the file and line that is wrong."""
    found = (entry for entry in (files("alliance") / "phrases").iterdir() if entry.name.startswith("crisis_"))
    return parse_rules(
        {
            entry.name.removeprefix("crisis_").removesuffix(".toml"): entry.read_text(encoding="utf-8")
            for entry in sorted(found, key=lambda entry: entry.name)
            if entry.name.endswith(".toml")
        }
    )
