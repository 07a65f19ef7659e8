"""How fast digests are arranged: a large clinic at eight in the morning."""
