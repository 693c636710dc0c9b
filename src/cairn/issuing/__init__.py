"""Awards and the credentials signed for them, their status and its lists."""
