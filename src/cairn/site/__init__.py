"""Pages that span rooms: home, credential, issuer, catalogue."""
