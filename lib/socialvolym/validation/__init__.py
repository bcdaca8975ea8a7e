"""Validation: Great Expectations suites over the tidy tables, and coverage (who is held back: audit/gathering.py)."""
