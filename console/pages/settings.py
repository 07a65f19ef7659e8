"""Settings: what the clinic has set, under the names by which whoever runs the bot changes it."""

from alliance.console import Page
from alliance.local_time import local_day
from console.doors import Answer, Asking, Door, Shown
from workflows.approve_rules import standing


async def show(asking: Asking) -> Answer:
    """What is in use now. No secret is among it."""
    clinic = asking.unit.clinic
    help_at_once = clinic.help_at_once
    today = local_day(asking.unit.now, clinic.zone)
    rows = (
        ("clinic", "CLINIC_NAME", clinic.name),
        ("clinic_zone", "CLINIC_ZONE", clinic.zone),
        ("quiet", "QUIET_HOURS", f"{clinic.quiet.start:%H:%M}-{clinic.quiet.end:%H:%M}"),
        ("digest_at", "DIGEST_AT", f"{clinic.digest_at:%H:%M}"),
        ("attention", "FALSE_FLAGS_PER_WEEK", f"{clinic.attention:g}"),
        ("untouched", "UNTOUCHED_FLAGS_AFTER_WORKING_DAYS", f"{clinic.untouched_after}"),
        ("invitations", "INVITATION_VALID_DAYS", f"{clinic.invitation_days}"),
        ("console", "CONSOLE_URL", clinic.console_url),
    )
    crisis = (
        ("emergency", "EMERGENCY_NUMBER", help_at_once.emergency_number),
        ("crisis_line", "CRISIS_LINE", help_at_once.crisis_line_in(asking.say.language)),
        ("contact", "CLINIC_CONTACT", help_at_once.clinic_contact_in(asking.say.language)),
    )
    until = help_at_once.valid_until
    return Shown(
        template="settings",
        values={
            "rows": rows,
            "crisis": crisis,
            "valid_until": until,
            "has_expired": until is not None and until < today,
            "approvals": await standing(asking.unit.session, clinic.to_approve),
        },
    )


DOORS = (Door(page=Page.SETTINGS, path="/settings", does=show),)
