"""The one guarded way out to the network.  No framework, no database."""
