"""Decentralised identifiers: documents, did:key, did:web, did:jwk."""
