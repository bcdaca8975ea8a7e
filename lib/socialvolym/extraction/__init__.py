"""Extraction: from a document to figures, by rules alone."""
