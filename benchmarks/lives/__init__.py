"""Programs as processes that are really killed: cheap to start, started again, and looked at from outside."""
