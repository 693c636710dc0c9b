"""What a learner holds: claiming, privacy, sharing, saving."""
