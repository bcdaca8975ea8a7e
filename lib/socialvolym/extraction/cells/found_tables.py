"""Found tables: what a found table is, its rows of cells under headings, and how a grid whose cells are known becomes one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from socialvolym.documents.document import Grid
from socialvolym.extraction.headings.heading_tree import over_groups
from socialvolym.extraction.rows import join_label
from socialvolym.extraction.text_lines import is_value
from socialvolym.notation.numbers import parse_number, tidy
from socialvolym.notation.periods import ANY_YEAR, parse_heading


@dataclass(frozen=True)
class TextCell:
    """A cell as printed: its text and the 1-based line it stands on."""

    text: str
    line: int


@dataclass
class FoundRow:
    """A row of a found table.

    Attributes
    ----------
    label : the row's label, joined where it is broken over lines.
    cells : the cells, one a column; None where a column has no cell.
    group : the heading inside the table that the row stands under, or None.
    problem : why the row could not be cut into cells; the cells are then empty.
    doubtful : whether the row could be cut into other cells as well, and only their sizes tell that it is these.
    """

    label: str
    line: int
    cells: list[TextCell | None]
    group: str | None = None
    problem: str | None = None
    printed: str = ""
    doubtful: bool = False


@dataclass
class FoundTable:
    """A found table: its rows, the text of its column headings, and the lines that stand above it.

    cost : what the reading of words without places as the headings costs (heading_tree); None where they had their places.
    """

    rows: list[FoundRow]
    headings: list[str]
    caption: str = ""
    stub: str = ""
    first: int = 0
    last: int = 0
    kind: str = "table"
    used: set[int] = field(default_factory=set)
    cost: float | None = None


def with_heads(grids: Sequence[Grid]) -> list[Grid]:
    """Return grids; one of headings only and the one right below it without any, of as many columns, are one.

    A page may draw the lines of the headings' cells, and of the rows below none, or only those between them.
    """
    joined: list[Grid] = []
    for grid in grids:
        above = joined[-1] if joined else None
        if above is not None and _is_head_of(above, grid):
            grid = replace(grid, rows=[*above.rows, *grid.rows], heading_rows=len(above.rows), caption=above.caption)
            joined.pop()
        joined.append(grid)
    return joined


def _is_head_of(above: Grid, grid: Grid) -> bool:
    rows = [[tidy(cell.text) for cell in row] for row in (*above.rows, grid.rows[0])]
    heads = len({len(row) for row in rows}) == 1 and not any(map(_is_body, rows[:-1])) and _is_body(rows[-1])
    return heads and grid.heading_rows == 0 and max(above.lines) + 1 == min(grid.lines)


def grid_table(grid: Grid) -> FoundTable | None:
    """Read a grid whose cells are known; None where it holds no figures."""
    texts = [[tidy(cell.text) for cell in row] for row in grid.rows]
    sections = _sections(texts)
    texts = [[row[0], *("" for _ in row[1:])] if at in sections else row for at, row in enumerate(texts)]
    width = max((len(row) for row in texts), default=0)
    if width < 2:
        return None
    body = next((i for i, row in enumerate(texts) if i >= grid.heading_rows and not _heads(row)), len(texts))
    body = body if grid.heading_rows else next((i for i, row in enumerate(texts) if _is_body(row) or i in sections), len(texts))
    labels = label_columns(texts[body:], width)
    if body >= len(texts) or labels >= width:
        return None
    heads = [[row[i] if i < len(row) else "" for i in range(labels, width)] for row in texts[:body]]
    headings = piece_headings([row for row in heads if any(row)], width - labels)
    rows, group = [], None
    for cells, row in zip(grid.rows[body:], texts[body:], strict=True):
        label = " ".join(dict.fromkeys(filter(None, row[:labels])))
        values = row[labels:]
        if not any(any(c.isdigit() for c in value) for value in values):
            if label and not any(values):
                group = label
            continue
        texts_with_lines = zip(values, cells[labels:], strict=True)
        rows.append(FoundRow(label, cells[0].line, [TextCell(text, cell.line) for text, cell in texts_with_lines], group))
    if not rows:
        return None
    stub = " ".join(dict.fromkeys(cell for row in texts[:body] for cell in row[:labels] if cell))
    lines = grid.lines
    return FoundTable(rows, headings, grid.caption, stub, min(lines), max(lines), used=set(lines))


def _sections(texts: Sequence[Sequence[str]]) -> set[int]:
    """Return the rows below the first headings in which one cell spans all columns: it heads the rows below it."""
    first = next((at for at, row in enumerate(texts) if len(set(filter(None, row))) > 1), len(texts))
    return {at for at, row in enumerate(texts) if at > first and len(row) > 1 and len(set(row)) == 1}


def _heads(row: Sequence[str]) -> bool:
    """Tell whether a row below the declared headings goes on with them: two texts or more, none of them a figure."""
    values = [text for text in row[1:] if text]
    return len(values) > 1 and all(parse_heading(text).period or not any(map(str.isdigit, text)) for text in values)


def _is_body(row: Sequence[str]) -> bool:
    values = [text for text in row[1:] if text]
    numbers = [text for text in values if parse_number(text) and not ANY_YEAR.fullmatch(text)]
    return bool(numbers) and len(numbers) * 2 >= len(values)


def label_columns(rows: Sequence[Sequence[str]], width: int) -> int:
    """Return how many of the first columns hold labels: the first, and those after it with texts in most rows."""
    count = 1
    while count < width:
        column = [row[count] for row in rows if count < len(row) and row[count]]
        if not column or sum(is_value(text) or any(c.isdigit() for c in text) for text in column) * 2 > len(column):
            break
        count += 1
    return count


def piece_headings(rows: list[list[str]], count: int) -> list[str]:
    """Return the heading of each column from heading rows with a text or nothing in each; the top row may span columns."""
    if len(rows) > 1 and any(rows[0]) and not all(rows[0]):
        rows = [_spread(*rows[:2]), *rows[1:]]
    return [join_label(list(dict.fromkeys(filter(None, column)))) for column in zip(*rows, strict=True)] or [""] * count


def _spread(top: Sequence[str], below: Sequence[str]) -> list[str]:
    """Return the text over each column: of its own group of columns, or the nearest period to the left."""
    texts = [text for text in top if text]
    if groups := over_groups(below, len(texts)):
        return [texts[group] for group in groups]
    spread, current = [], ""
    for text in top:
        current = text or current
        spread.append(text or (current if parse_heading(current).period else ""))
    return spread
