"""Narrative: from analysis to sentences and sections in two languages."""
