"""What staff see in a browser: the same workflows behind a web page."""
