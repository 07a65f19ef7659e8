"""The history of the tables, one small step to a file, each named as a sentence."""
