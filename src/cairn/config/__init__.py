"""How the rooms are put together: the environment, Django's settings, addresses, the dispatcher."""
