"""The W3C CCG VC-API: issue and verify.  Off unless it is started."""
