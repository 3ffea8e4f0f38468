"""OpenAPI documents as they are found: read with what is wrong in them, and bounded."""
