"""Notation: printed numbers, periods, units and personal data, one grammar each, used everywhere."""
