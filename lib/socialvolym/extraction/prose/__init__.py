"""Prose: the figures that stand in sentences, with their unit, period, series and sign."""
