"""Raw signatures: Ed25519, P-256 and P-384, with one written rule for edge cases."""
