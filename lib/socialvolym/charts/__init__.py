"""Charts: forms, theme, labels, and their drawing as SVG with a table and files."""
