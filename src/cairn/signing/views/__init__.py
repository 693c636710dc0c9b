"""Pages and published documents of keys and of registers."""
