"""Pages of learners: claiming what was awarded, and what they hold."""
