"""Check ids and outcomes as sentences, in every language of the product."""
