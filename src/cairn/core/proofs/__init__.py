"""Data Integrity proofs, one module a cryptosuite."""
