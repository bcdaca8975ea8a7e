import pytest
from socialvolym.extraction.certainty import certainty


@pytest.mark.parametrize(
    ("because", "expected"),
    [
        (("period:heading", "series:heading", "unit:row", "measure:label"), "certain"),
        (("period:heading", "series:default", "unit:row", "measure:label"), "likely"),
        (("period:document", "series:default", "unit:row", "measure:label"), "guess"),
        (("period:heading", "series:heading", "unit:row", "measure:none"), "guess"),
        (("period:heading", "series:heading", "unit:row"), "guess"),
    ],
)
def test_certainty_counts_what_is_weak(because, expected):
    assert certainty(because) == expected
