"""What happens after a request: consumers of the outbox, the queue in the database, its worker."""
