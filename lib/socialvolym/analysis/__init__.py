"""Analysis: change, trend, volume and price, comparison, outturn against budget."""
