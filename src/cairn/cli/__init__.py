"""The command line: reads files, the clock and the network, and calls the core."""
