"""Bulk awards: a table of people is read, approved by a second person, planned and signed once.

`reading` finds what is wrong, `services` are the acts of people, `planning` fixes all but the
signatures in one commit, `execution` signs chunk by chunk, `reports` writes tables.
"""
