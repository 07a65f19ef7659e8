"""Proof by measuring: each module or folder in here is started as ``./checkin bench NAME``."""
