"""The public checker: page and API."""
