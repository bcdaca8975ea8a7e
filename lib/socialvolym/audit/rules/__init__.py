"""Audit rules over tables: sums, differences, identities, repeated figures and their presentation."""
