"""Audit rules over sentences: what the text says, held against itself and against the tables."""
