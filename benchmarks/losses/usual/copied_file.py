"""A backup made by copying the database file while the program runs, as backup scripts do.

What https://www.sqlite.org/howtocorrupt.html (section 1.2) warns of: what is committed may still be in the
write-ahead log, which is another file.
"""

import shutil
import sys


def main() -> None:
    """Words: database file, copy."""
    database, copy = sys.argv[1:]
    shutil.copy(database, copy)
