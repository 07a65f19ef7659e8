"""The rules a shipped list must hold, by language and class: one that lost a rule on the way screens nobody.

A rule that is given up on purpose leaves this page in the same commit; one that is added is written here too.
"""

from collections.abc import Mapping
from types import MappingProxyType

_RULES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            "suicide": (
                "want_to_die not_want_to_live not_be_here_any_more not_be_here not_wake_up "
                "better_off_without_me nobody_would_miss_me no_reason_to_live cannot_go_on cannot_do_this "
                "no_way_out goodbye love_and_goodbye burden_no_more parting_words sorry_and_gone "
                "not_here_much_longer giving_away_for_good giving_away affairs_in_order note burden hopeless "
                "tired_of_living never_born indifferent_to_death join_the_dead kill_myself end_it suicidal "
                "plan researching pills_ready means_ready method attempt_tablets all_tablets attempt "
                "attempted_lately attempted_before regrets_survival should_have_died not_safe voices "
                "someone_else named despair told_to_die prays_for_death death_on_the_mind wants_it_over "
                "why_alive would_not_mind_dying no_future does_not_deserve_life other_words will_do_it "
                "how_lethal got_the_means rehearsal tried took_everything slang if_i_were_gone more_plans "
                "more_means aftermath turning_words heavy_words ways_to_oneself close_to_doing_it "
                "life_is_too_much overdose_or_attempt_named wide_words few_words at_the_edge by_the_way "
                "signs_together words_together words_of_forums lets_it_happen no_later within_reach how_much_kills "
                "last_arrangements stopped_short lived_through_it"
            ),
            "self_harm": ("cut hurt_myself self_harm urge object wound ways other_person"),
            "harm": ("kill hurt losing_control weapon did intends has_hurt somebody_else_will"),
            "abuse": (
                "hits_me afraid_of threat sexual control strangled child carer violence child_in_danger "
                "control_and_fear third_person"
            ),
            "medical": ("overdose double_dose chest_pain breathing throat stroke collapse bleeding severe now soon"),
            "reaction": ("rash_new_medicine swelling skin_peeling allergic liver toxic severe milder"),
        },
        "es": {
            "suicide": (
                "close_to_doing_it want_to_die not_want_to_live not_be_here_any_more not_be_here not_wake_up "
                "better_off_without_me nobody_would_miss_me no_reason_to_live cannot_go_on cannot_do_this "
                "no_way_out goodbye love_and_goodbye burden_no_more parting_words sorry_and_gone "
                "giving_away_for_good giving_away affairs_in_order note burden hopeless tired_of_living "
                "never_born indifferent_to_death join_the_dead kill_myself end_it suicidal plan researching "
                "pills_ready means_ready method attempt_tablets attempt attempted_lately attempted_before "
                "regrets_survival should_have_died not_safe voices someone_else told_to_die wide_words few_words "
                "at_the_edge by_the_way signs_together words_together lets_it_happen no_later within_reach "
                "last_arrangements stopped_short lived_through_it"
            ),
            "self_harm": ("cut hurt_myself self_harm urge object wound"),
            "harm": ("kill hurt losing_control weapon did"),
            "abuse": ("hits_me afraid_of threat sexual control strangled child carer"),
            "medical": ("overdose double_dose chest_pain breathing throat stroke collapse bleeding severe"),
            "reaction": ("rash_new_medicine swelling skin_peeling allergic liver toxic"),
        },
    }
)


def expected_rules(language: str) -> frozenset[str]:
    """The ids that must be there, such as "en.suicide.want_to_die"; none for a language that is not shipped."""
    groups = _RULES.get(language, {})
    return frozenset(f"{language}.{group}.{name}" for group, names in groups.items() for name in names.split())
