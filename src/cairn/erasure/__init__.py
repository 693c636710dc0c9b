"""Requests of learners to be forgotten, what an issuer decides on them, and the time of keeping."""
