"""HTTP dialects over the core, each alone; none knows another."""
