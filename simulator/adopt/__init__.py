"""Mappings derived from what people have: the document of their API, and requests that came."""
