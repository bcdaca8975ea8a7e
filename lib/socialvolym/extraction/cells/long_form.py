"""Long form: tables with a row a figure, or with years downwards, set out with a row a measure and a column a year."""

from __future__ import annotations

from collections.abc import Sequence

from socialvolym.documents.document import Grid, GridCell
from socialvolym.extraction.text_lines import is_value
from socialvolym.notation.numbers import tidy
from socialvolym.notation.periods import parse_period
from socialvolym.vocabulary.phrases import is_said

#: Fewer rows do not tell a table in long form from another.
_FEWEST_ROWS = 3


def set_out(grid: Grid) -> Grid:
    """Return a table in long form, or with its years downwards, set out by its periods; any other table as it is.

    Long form has a heading row, one column that holds nothing but periods, one that holds nothing but values, and texts in all
    others; no texts come twice with the same period. Texts that are the same in all rows and remarks are left out of the labels.
    Years downwards are periods in the first column under a heading row that names a measure over each of the others.
    """
    head, body = grid.rows[:1], grid.rows[1:]
    if len(body) < _FEWEST_ROWS:
        return grid
    columns = [[tidy(row[place].text) for row in body] for place in range(len(head[0]))]
    periods = [place for place, texts in enumerate(columns) if all(parse_period(text) for text in texts)]
    values = [place for place, texts in enumerate(columns) if place not in periods and all(is_value(text) for text in texts)]
    texts = [place for place in range(len(columns)) if place not in (*periods, *values)]
    if periods == [0] and not texts and len(values) > 1:
        return _turned(grid)
    if len(periods) != 1 or len(values) != 1 or not texts:
        return grid
    named = [place for place in texts if not is_said("remark_heading", tidy(head[0][place].text))]
    telling = [place for place in named if len(set(columns[place])) > 1] or texts[-1:]
    return _wide(grid, telling, periods[0], values[0]) or grid


def _turned(grid: Grid) -> Grid:
    """Return the rows as columns, where each column but the first has a heading of its own that is no period."""
    headings = [tidy(cell.text) for cell in grid.rows[0][1:]]
    if grid.heading_rows > 1 or len(set(headings)) < len(headings) or any(not text or parse_period(text) for text in headings):
        return grid
    return Grid([list(column) for column in zip(*grid.rows, strict=True)], heading_rows=1, caption=grid.caption)


def _wide(grid: Grid, telling: Sequence[int], period: int, value: int) -> Grid | None:
    """Return a row for each label and a column for each period; None where a label has two values of one period."""
    years = list(dict.fromkeys(tidy(row[period].text) for row in grid.rows[1:]))
    labels: dict[str, GridCell] = {}
    figures: dict[tuple[str, str], GridCell] = {}
    for row in grid.rows[1:]:
        label = ", ".join(filter(None, (tidy(row[place].text) for place in telling)))
        key = label, tidy(row[period].text)
        if key in figures:
            return None
        figures[key] = row[value]
        labels.setdefault(label, GridCell(label, row[telling[-1]].line, row[telling[-1]].page))
    top = grid.rows[0][period].line
    header = [GridCell("", top), *(GridCell(year, top) for year in years)]
    body = [[cell, *(figures.get((label, year), GridCell("", cell.line)) for year in years)] for label, cell in labels.items()]
    return Grid([header, *body], heading_rows=1, caption=grid.caption)
