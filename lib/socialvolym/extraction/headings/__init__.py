"""Column headings: words taken apart, cut into columns, read as a tree of levels, and set over the columns of figures."""
