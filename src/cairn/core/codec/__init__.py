"""Bytes and text: strict JSON, JCS, multibase, multikey."""
