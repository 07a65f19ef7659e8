"""What drawing costs, and whether anything else in the program waits for it."""
