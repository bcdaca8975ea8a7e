"""Cells: lines and grids as rows of cells; cells that have lost their places are put together again before any row is read."""
