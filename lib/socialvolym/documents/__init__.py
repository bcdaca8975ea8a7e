"""Documents: every format read into one document: lines, tables with their cells, places on the page."""
