"""What we do: one story to a file, each startable by an update, a timer, the console or the command line."""
