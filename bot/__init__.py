"""The running process: settings, wiring, intake, sender, timers, command line."""
