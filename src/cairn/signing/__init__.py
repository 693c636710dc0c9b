"""Keys of organisations and all signing with them: orders in, signed bytes out."""
