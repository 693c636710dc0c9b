"""From JSON-LD to canonical N-Quads: pinned contexts, shapes, RDFC-1.0."""
