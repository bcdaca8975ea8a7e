"""Pages: words with places on a page become lines in reading order, and tables with their headings over their columns."""
