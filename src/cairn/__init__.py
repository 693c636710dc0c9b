"""Cairn: micro-credentials, designed, awarded, verified and stacked."""
