"""Organisations, their members and roles, the one permission check, registers of issuers."""
