"""Readings: what the numbers of tables and sentences mean, and what of a document no reading takes."""
