"""Pages of issuing: the desk where is awarded, the awards, and what is public."""
