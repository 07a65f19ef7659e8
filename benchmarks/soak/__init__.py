"""The long kill loop: people write and tap, the real program is killed a thousand times, and nothing is missing."""
