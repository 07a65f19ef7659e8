"""An independent judge of what happened: read without any of the program's code."""
