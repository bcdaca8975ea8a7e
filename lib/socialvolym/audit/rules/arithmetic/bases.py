"""Bases: which two columns of a table a column of differences or percentages is taken of, told by arithmetic over its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from socialvolym.notation.intervals import DUST, distance, outside, quotient, truncated
from socialvolym.notation.periods import DIFFERENCES

FIELDS = ("v", "h", "line", "dimension")
SIDES = [f"{side}_{field}" for side in "ab" for field in FIELDS]
#: Levels, with the one that is compared before the one that it is compared with.
_LEVELS = {"outturn": 0, "forecast": 1, "plan": 2, "target": 3, "budget": 4}
#: How many rows, and which share of them, it takes to tell that a column is the difference of a pair of columns.
_MIN_FITS, _MOST = 3, 0.75
#: A column of so many rows of which none fits the pair that it should be taken of is taken of another, which is not printed.
_MIN_ROWS = 3
#: A printed difference of so many units of its last digit is no chance hit.
_TELLING = 20
#: How many times as large as the other a level may be in a row that is accused.
_APART = 10
#: Words of headings and notes for percentages of something else than the figures beside them.
_OF_WHAT = r"(?:i|,|\(|avvikelse|förändring) ?(?:%|procent|proc\.) (?:av|i förhållande till|jämfört med (?:total|hela))\b"
_FIXED_PRICES = r"\b(?:i|till) (?:fasta|löpande och fasta) (?:priser|löner)\b|\bfast(?:a)? prisnivå\b"
_REAL = r"\breala? (?:förändring|utveckling|ökning)"
_PERCENT_BASE = re.compile(f"{_OF_WHAT}|{_FIXED_PRICES}|{_REAL}", re.IGNORECASE)
#: A note stands so many lines below a row at most, a heading so many above it.
_ABOVE, _BELOW = 12, 25


def settled(figures: pl.DataFrame, usual: pl.DataFrame, open_lines: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that printed differences are held against: the usual ones, or those that their table shows to be meant.

    Parameters
    ----------
    figures : the prepared figures.
    usual : i and the sides a_*, b_* of the pair that a difference is usually taken of: outturn and budget, two years.
    open_lines : report, first and last of the lines where a heading or a note names another base for percentages.

    Returns
    -------
    As `usual`, with moved: whether it is another pair than the usual one. A difference is left out where another pair of its
    row explains it and its column; where no row of its column fits the usual pair; and where the text says that percentages
    have another base. Where a pair explains nearly all of a column of three rows or more, the column is held against that pair.
    """
    derived = _derived(figures)
    judged = _fitting(figures.join(usual, on="i")).select("i", default="fits")
    known = derived.join(judged, on="i", how="left", maintain_order="left")
    known = known.with_columns(
        usual_fits=pl.col("default").fill_null(False).sum().over("column"),
        rows=pl.len().over("column"),
        judged_rows=pl.col("default").is_not_null().sum().over("column"),
    )
    others = _others(figures, known)
    # One percentage among many figures is near some pair of them by chance; a change is of two years at least.
    others = others.with_columns(pl.col("fits") & (pl.col("change") | pl.col("several") | (pl.col("dimension") != "percent")))
    best = (
        others.group_by("column", "pair", maintain_order=True)
        .agg(fitting=pl.col("fits").sum(), of=pl.len())
        .sort("fitting", descending=True, maintain_order=True)
        .unique("column", keep="first", maintain_order=True)
    )
    known = known.join(best, on="column", how="left", maintain_order="left").with_columns(
        pl.col("fitting", "of").fill_null(0), pair=pl.col("pair")
    )
    other = pl.col("fitting") > pl.col("usual_fits")
    shown = other & (pl.col("fitting") >= _MIN_FITS) & (pl.col("fitting") >= _MOST * pl.col("of"))
    explained = others.filter("fits", "telling").select("i").unique().with_columns(explained=pl.lit(True))
    known = known.join(explained, on="i", how="left", maintain_order="left").with_columns(pl.col("explained").fill_null(False))
    unknown_base = (pl.col("usual_fits") == 0) & (pl.col("judged_rows") >= _MIN_ROWS)
    chance = (pl.col("fitting") == pl.col("usual_fits")) & pl.col("explained")
    left_open = ~pl.col("default").fill_null(True) & (other | unknown_base | chance)
    named = known.join(open_lines, on="report").filter(
        pl.col("line").is_between("first", "last"), pl.col("dimension") == "percent"
    )
    left_open = (left_open | pl.col("i").is_in(named["i"].implode())) & ~shown
    moved = known.filter(shown).join(others, on=["i", "pair"]).filter(pl.col("fits") | _alike())
    dropped = known.filter(left_open | shown)["i"]
    kept = usual.filter(~pl.col("i").is_in(dropped.implode())).with_columns(moved=pl.lit(False))
    return pl.concat([kept, moved.select("i", *SIDES, moved=pl.lit(True))])


def _alike() -> pl.Expr:
    """Tell whether two levels are of one size; else the row was most likely cut into cells in another way than the rest."""
    a, b = pl.col("a_v").abs(), pl.col("b_v").abs()
    return pl.max_horizontal(a, b) <= _APART * pl.min_horizontal(a, b)


def open_lines(facts: pl.DataFrame) -> pl.DataFrame:
    """Return the lines (report, first, last) that a heading or a note about another base of percentages reaches to."""
    named = facts.filter(pl.col("kind") == "percent_base")
    return named.select("report", first=pl.col("line") - _ABOVE, last=pl.col("line") + _BELOW)


def percent_bases(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Return the facts (line, kind, what) of headings and notes that name another base of percentages."""
    for number, line in enumerate(lines, start=1):
        if _PERCENT_BASE.search(line):
            yield number, "percent_base", ""


def _derived(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the printed differences of tables and the column that each stands in."""
    return (
        figures.filter(pl.col("series").is_in(DIFFERENCES), ~pl.col("bounded"), pl.col("table").is_not_null())
        .with_columns(column=pl.struct("table_id", "series", "period", "dimension", "place").hash())
        .select("i", "row", "report", "line", "table_id", "column", "dimension")
    )


def _others(figures: pl.DataFrame, derived: pl.DataFrame) -> pl.DataFrame:
    """Return all pairs of levels on the row of each difference, and whether they explain it."""
    levels = figures.filter(pl.col("series").is_in(list(_LEVELS)), ~pl.col("bounded"), pl.col("table").is_not_null()).join(
        derived.select("row").unique(), on="row", how="semi"
    )
    levels = levels.select(
        "row",
        *[pl.col(field) for field in FIELDS],
        order=pl.struct(
            pl.col("period").fill_null(""),
            -pl.col("series").replace_strict(_LEVELS, return_dtype=pl.Int16),
            -pl.col("place").cast(pl.Int16),
        ).rank("dense"),
        cell=pl.struct("period", "series", "place").hash(),
    )
    a, b = (levels.rename({name: f"{side}_{name}" for name in (*FIELDS, "order", "cell")}) for side in "ab")
    pairs = a.join(b, on="row").filter(pl.col("a_order") > pl.col("b_order"), pl.col("a_dimension") == pl.col("b_dimension"))
    pairs = pairs.with_columns(pair=pl.struct("a_cell", "b_cell").hash()).select("row", "pair", *SIDES)
    cells = figures.select("i", "v", "h", "s", "series").join(derived, on="i")
    joined = cells.join(pairs, on="row")
    alike = (pl.col("dimension") == "percent") | (pl.col("dimension") == pl.col("a_dimension"))
    points = (pl.col("dimension") == "points") & (pl.col("a_dimension") == "percent")
    return _fitting(joined.filter(alike | points)).with_columns(
        change=pl.col("series") != "deviation",
        several=pl.col("row").n_unique().over("column") > 1,
        telling=(pl.col("dimension") != "percent") & (pl.col("v").abs() >= _TELLING * pl.col("s")),
    )


def _fitting(rows: pl.DataFrame) -> pl.DataFrame:
    """Add whether the pair a_*, b_* explains the difference: as an amount, as a percentage of b, in either direction."""
    size, dust = pl.col("v").abs(), pl.col("s") * DUST
    slack = pl.col("a_h") + pl.col("b_h")
    amount = distance(size, pl.col("h"), (pl.col("a_v") - pl.col("b_v")).abs(), slack) <= dust
    low, high = quotient(pl.col("a_v"), pl.col("a_h"), pl.col("b_v"), pl.col("b_h"))
    shares = [outside(sign * pl.col("v"), pl.col("h"), 100 * (low - 1), 100 * (high - 1)) <= dust for sign in (1, -1)]
    share = pl.any_horizontal(shares).fill_null(False)
    percent = (pl.col("dimension") == "percent") | (pl.col("series") == "change_pct")
    of_percents = pl.col("a_dimension") == "percent"
    cut = truncated(pl.col("v"), pl.col("s"), 100 * (low - 1), 100 * (high - 1)).fill_null(False)
    share = share | (cut & (outside(pl.col("v"), pl.col("h"), 100 * (low - 1), 100 * (high - 1)) < pl.col("s")))
    return rows.with_columns(fits=pl.when(percent).then(share | (of_percents & amount)).otherwise(amount))
