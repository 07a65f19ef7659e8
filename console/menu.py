"""Every door of the console, and those that stand in the menu."""

from alliance.console import Page
from console.doors import Door
from console.pages import digest, flags, health, invite, patient, patients, programmes, settings, team, today, words

MENU = (
    *(Page.TODAY, Page.PATIENTS, Page.FLAGS, Page.DIGEST, Page.PROGRAMMES),
    *(Page.TEAM, Page.INVITE, Page.SETTINGS, Page.HEALTH),
)

DOORS: tuple[Door, ...] = (
    *(*today.DOORS, *patients.DOORS, *patient.DOORS, *words.DOORS, *flags.DOORS, *digest.DOORS),
    *(*programmes.DOORS, *team.DOORS, *invite.DOORS, *settings.DOORS, *health.DOORS),
)
