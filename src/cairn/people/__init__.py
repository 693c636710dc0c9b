"""Who signs in, and who learns: users, their addresses, learners apart from users."""
