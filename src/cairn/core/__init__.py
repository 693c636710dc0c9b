"""Values and rules.  No framework, network, database, clock or randomness of its own."""
