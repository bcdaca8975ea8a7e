"""Zipped XML (DOCX, XLSX): opened with bounds on what it unpacks to, parsed without entities or anything outside the file."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from socialvolym.errors import SocialvolymError

#: What the text parts of a document may unpack to; images and other media are not unpacked.
MAX_UNPACKED = 100_000_000
MAX_MEMBERS = 20_000
#: How much smaller than its content a large part can honestly be packed; XML of real tables packs 10 to 60 times.
MAX_RATIO = 500
_SMALL = 5_000_000

_BROKEN = "is a broken file: {}; open it in the program that made it, save it again, or save it as PDF"


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zipped document whose unpacked size is within bounds.

    Raises
    ------
    SocialvolymError
        where it is broken, protected, or unpacks to more than a document does.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError, ParseError, UnicodeDecodeError) as error:
        raise SocialvolymError(_BROKEN.format(error)) from error
    except DefusedXmlException as error:
        raise SocialvolymError("declares entities or a document type, which an Office file never does; it is not read") from error


def _check_sizes(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    texts = [member for member in members if member.filename.endswith((".xml", ".rels"))]
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in texts) > MAX_UNPACKED:
        raise SocialvolymError(
            f"unpacks to more than {MAX_UNPACKED // 1_000_000} MB of text, more than any report; "
            "save the part with the figures as a file of its own"
        )
    for member in texts:
        if member.flag_bits & 1:
            raise SocialvolymError("is protected by a password; save it without one")
        if member.file_size > _SMALL and member.file_size > MAX_RATIO * max(1, member.compress_size):
            raise SocialvolymError(
                f"{member.filename} in it unpacks to {member.file_size // max(1, member.compress_size)} times "
                "its size, as no document does; it is not read"
            )


def elements(archive: zipfile.ZipFile, member: str) -> Iterator[tuple[str, Element]]:
    """Yield ("start" or "end", element) of a part's XML as it is read; the caller clears what it has used."""
    with archive.open(member) as stream:
        yield from iterparse(stream, events=("start", "end"), forbid_dtd=True)
