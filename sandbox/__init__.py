"""A Telegram to practise on: a strict stand-in Bot API with people, faults and a ledger of what was seen."""

from sandbox.clock import Clock, WallClock
from sandbox.courier import Pace
from sandbox.faults import Fault, FaultKind, crowded
from sandbox.flood import FloodLimits
from sandbox.group import Group
from sandbox.ledger import Button, Delivery, Entry, Excess, Ledger, Shown
from sandbox.people import Act, Person
from sandbox.server import Outage, Sandbox

__all__ = [
    "Act",
    "Button",
    "Clock",
    "Delivery",
    "Entry",
    "Excess",
    "Fault",
    "FaultKind",
    "FloodLimits",
    "Group",
    "Ledger",
    "Outage",
    "Pace",
    "Person",
    "Sandbox",
    "Shown",
    "WallClock",
    "crowded",
]
