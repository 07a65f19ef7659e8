"""How well possible ruptures are noticed: a simulation, the published rules, ours, and what each costs."""
