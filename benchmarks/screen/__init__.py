"""How much of what people write in crisis the screen finds, how often it is wrong, and how fast it is."""
