"""Audit rules over tables: their arithmetic, repeated and mixed figures, their presentation, and the text beside them."""
