"""Arithmetic: rules that printed figures of tables decide: sums, differences, identities, what columns are to each other."""
