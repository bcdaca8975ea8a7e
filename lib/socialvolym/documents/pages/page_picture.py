"""Page picture: a page of a PDF file as a PNG picture, for a person to look at beside what was read from it."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pypdfium2 as pdfium

#: Pixels a point: a page of A4 becomes 950 pixels wide. A page is drawn no wider, so that no document asks for more memory.
_SCALE, _WIDEST = 1.6, 2_000


def page_picture(path: Path, number: int) -> tuple[bytes, tuple[float, float]] | None:
    """Return the 1-based page as PNG, and its width and height in points; None where the document has no such page."""
    document = pdfium.PdfDocument(path)
    try:
        if not 1 <= number <= len(document):
            return None
        page = document[number - 1]
        width, height = page.get_size()
        bitmap = page.render(scale=min(_SCALE, _WIDEST / max(width, height)), rev_byteorder=True, prefer_bgrx=False)
        pixels = bitmap.to_numpy()[:, :, :3]
        return _png(pixels.shape[1], pixels.shape[0], [row.tobytes() for row in pixels]), (width, height)
    finally:
        document.close()


def _png(width: int, height: int, rows: list[bytes]) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 3)
    chunks = ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
