"""A backup and a restore of a clinic with many messages, while updates are stored."""
