"""Status lists: whether a credential still stands."""
