"""A full clinic under load: is anything lost, does anybody wait, and is a crisis answered in time?"""
