"""What the usual designs lose and double, and what ours does: the same circumstances, in one run."""
