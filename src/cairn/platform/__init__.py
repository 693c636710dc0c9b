"""What every room stands on: outbox, audit, stored files, errors as pages, the base templates."""
