"""The W3C CCG VC-API: issue, verify, and verify presentations.  Off unless it is started."""
