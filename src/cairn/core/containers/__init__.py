"""Files that carry credentials: images, documents and archives, read within bounds.

Bytes in, values out; nothing here verifies anything or follows a link.
"""
