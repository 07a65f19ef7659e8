"""A clinic to look at: the real bot against the sandbox, weeks of simulated people in seconds."""
