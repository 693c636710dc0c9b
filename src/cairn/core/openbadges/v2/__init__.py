"""Open Badges 2.0, to read only: badges that people still hold."""
