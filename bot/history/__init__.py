"""A clinic's past ratings through the detector, before it is switched on."""
