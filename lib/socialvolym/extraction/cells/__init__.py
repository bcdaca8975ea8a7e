"""Cells: tables whose cells have lost their places, put together again as grids before any row is read."""
