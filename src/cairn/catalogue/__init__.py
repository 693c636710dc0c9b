"""Achievements from draft to published version: design, review, approval, offerings."""
