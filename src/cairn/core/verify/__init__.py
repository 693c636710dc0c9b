"""Numbered steps from bytes to a Report."""
