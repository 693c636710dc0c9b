"""The W3C Verifiable Credentials Data Model 2.0, read strictly."""
