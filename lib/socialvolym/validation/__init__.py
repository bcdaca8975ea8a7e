"""Validation: Great Expectations suites over the tidy tables, coverage, and what is held back."""
