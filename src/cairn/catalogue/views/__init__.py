"""Pages of the catalogue: console pages by task, and the addresses that signed bytes name."""
