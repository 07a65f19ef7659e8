"""Every door of the console, and those that stand in the menu."""

from alliance.console import Page
from console.doors import Door
from console.pages import patient, patients, today, words

MENU = (
    *(Page.TODAY, Page.PATIENTS, Page.FLAGS, Page.DIGEST, Page.PROGRAMMES),
    *(Page.TEAM, Page.INVITE, Page.SETTINGS, Page.HEALTH),
)

DOORS: tuple[Door, ...] = (*today.DOORS, *patients.DOORS, *patient.DOORS, *words.DOORS)
