"""Open Badges 3.0: achievement versions and awards as credentials."""
