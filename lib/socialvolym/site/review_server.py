"""Review server: the local page on which a person settles an added report; it answers this machine only, and needs no network."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from socialvolym import vocabulary
from socialvolym.audit import findings_taken_out
from socialvolym.documents.opening import open_document
from socialvolym.documents.pages.page_picture import page_picture
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.certainty import ASPECTS
from socialvolym.notation.languages import Language
from socialvolym.observations import readings
from socialvolym.reports import questions
from socialvolym.reports.answers import composed, decided, in_words, measure_parts, read_as, refusal, search, why, words
from socialvolym.reports.loading import load_report
from socialvolym.reports.models import RawReport
from socialvolym.reports.questions import Part
from socialvolym.reports.review import Review, load_review, store_review

_FOLDER = Path(__file__).resolve().parent
#: The one address that is answered: this machine's own.
_ADDRESS = "127.0.0.1"
#: Nothing comes from elsewhere, nothing is sent elsewhere, and no other page shows this one.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors "
)
#: A notebook on this machine, in which the page may be shown.
_NOTEBOOK = "http://localhost:* http://127.0.0.1:*"
#: So many lines of a document without pages are shown before and after the figure.
_AROUND = 40


@dataclass
class Session:
    """A report under review: what the page shows, and what is decided on it, stored at once.

    Parameters
    ----------
    folder : data/raw/<report>/. document : the report's document, or None where it is not at hand. who : who decides.
    """

    folder: Path
    document: Path | None
    who: str
    language: Language
    _earlier: list[tuple[Review, Review]] = field(default_factory=list)
    _apart: set[str] = field(default_factory=set)

    @cached_property
    def _raw(self) -> RawReport:
        return load_report(self.folder)

    @cached_property
    def _read(self) -> list[dict[str, Any]]:
        """The readings as the rules made them, with their pages; they stay while the page is open."""
        rows = readings.as_read(self._raw).rows
        return rows.with_columns(page=self._raw.cells["page"]).to_dicts()

    @cached_property
    def _asked(self) -> questions.Asked:
        return questions.Asked(self._read)

    @cached_property
    def _opened(self) -> Any:
        return open_document(self.document) if self.document else None

    def _part(self, key: str) -> tuple[Part, str]:
        """Return a part and what is asked of it; of a cell that is clicked by itself nothing is asked."""
        if key.startswith("cell:") and key[5:].isdigit() and int(key[5:]) < len(self._read):
            return self._asked.single(int(key[5:])), ""
        if key not in self._asked.known_parts:
            raise refusal(self.language, "older")
        return self._asked.known_parts[key]

    def state(self) -> dict[str, Any]:
        """Return all that the page shows, the review as it is stored now."""
        raw = load_report(self.folder)
        found = readings.settled(raw)
        rows = found.rows.to_dicts()
        said = words(self.language)
        return {
            "title": f"{raw.report.municipality}: {raw.report.title}",
            "words": said,
            "units": [[name, in_words("unit", name, self.language) or name] for name in vocabulary.units()],
            "document": None if self.document is None else "pages" if any(row["page"] for row in self._read) else "lines",
            "questions": [self._question(one, rows) for one in self._asked.questions(rows, self._apart)],
            "cells": [self._cell(number, row) for number, row in enumerate(rows)],
            "misfits": [one.told(said["refusal"]["line"], said["misfit"]) for one in found.misfits],
            "measure_parts": measure_parts(self.language),
        }

    def _question(self, one: questions.Question, rows: list[dict[str, Any]]) -> dict[str, Any]:
        parts = [
            {
                "key": part.key,
                "scope": part.scope,
                "place": part.place,
                "label": in_words("unit", part.place.get("row"), self.language),
                "reads": {name: [value, read_as(part, name, self.language)] for name, value in part.reads.items()},
                "why": why(part, one.about, self._read, self.language),
                "certainty": part.certainty,
                "proposed": part.proposed or one.about in (*questions.OUT, questions.AGAIN),
                "parts": bool(self._asked.narrower(part, one.about)),
                "cells": part.cells,
                "open": questions.is_open(part, one.about, rows),
            }
            for part in one.parts
        ]
        return {"table": one.table, "about": one.about, "parts": parts}

    def _cell(self, number: int, row: dict[str, Any]) -> dict[str, Any]:
        shown = (
            "table",
            "line",
            "group",
            "row_label",
            "column_label",
            "text",
            "state",
            "certainty",
            "breakdown",
            "value",
            "sign",
        )
        reads = {name: in_words(name, row[name], self.language) for name in ASPECTS}
        cell = {name: row[name] for name in shown}
        return cell | {"page": self._read[number]["page"], "reads": reads, "weak": questions.weak(row)}

    def decide(self, keys: list[str], verdict: str, answers: dict[str, str], anyway: bool = False) -> None:
        """Store what is decided of some parts, or nothing where it cannot be understood.

        anyway : also where a finding of the audit goes with the figures that are taken out.
        """
        parts = [self._part(key) for key in keys]
        year = self._raw.report.year
        new = [decided(*part, verdict, answers, self.who, date.today(), year, self.language) for part in parts]
        before = load_review(self.folder)
        accepted = [part.alone for (part, _), said in zip(parts, new, strict=True) if said[0].verdict == "figure"]
        after = before.restored(accepted).with_decisions(chain.from_iterable(new))
        readings.check_units(self._raw, after, self._read, self.language)
        if not anyway and (lost := findings_taken_out(replace(self._raw, review=before), after, self.language)):
            how = words(self.language)["refusal"]["anyway"]
            raise SocialvolymError(f"{refusal(self.language, 'finding', found=' '.join(lost))} {how}")
        self._store(before, after)

    def part(self, keys: list[str]) -> None:
        """Ask for the rows or figures of some parts one by one, while the page is open."""
        self._apart |= set(keys)

    def forget(self, number: int) -> None:
        """Remove a decision that is not applied, by its place among them."""
        before = load_review(self.folder)
        misfits = readings.settled(load_report(self.folder)).misfits
        if number >= len(misfits):
            raise refusal(self.language, "older")
        self._store(before, before.without(misfits[number].decision.place))

    def undo(self) -> None:
        """Take back the last decision of this session, unless review.toml has been changed by something else since."""
        if self._earlier:
            before, after = self._earlier.pop()
            if load_review(self.folder) != after:
                raise refusal(self.language, "beside")
            store_review(before, self.folder)

    def _store(self, before: Review, after: Review) -> None:
        store_review(after, self.folder)
        self._earlier.append((before, after))

    def picture(self, page: int) -> bytes | None:
        """Return a page of the document as PNG."""
        made = page_picture(self.document, page) if self.document else None
        return made[0] if made else None

    def around(self, number: int) -> dict[str, Any]:
        """Return where the document shows a cell: its box on the page in parts of the page, or the lines around it."""
        if number >= len(self._read):
            raise SocialvolymError(f"cell {number} is not of this report; it has {len(self._read)}")
        row = self._read[number]
        if self.document is None:
            return {}
        if row["page"]:
            made = page_picture(self.document, row["page"])
            wide, high = made[1] if made else (1.0, 1.0)
            boxes = self._opened.boxes(row["line"], row["text"] or "")
            return {
                "page": row["page"],
                "boxes": [[left / wide, top / high, right / wide, bottom / high] for left, top, right, bottom in boxes],
            }
        first = max(1, row["line"] - _AROUND)
        lines = self._opened.lines[first - 1 : row["line"] + _AROUND]
        return {"first": first, "lines": lines}


class _Handler(RequestHandler):
    """Answers only the page that this server has given, on this machine."""

    def initialize(self, session: Session, token: str, framed: bool) -> None:
        self.session, self.token = session, token
        self.set_header("Content-Security-Policy", _POLICY + (_NOTEBOOK if framed else "'none'"))

    def set_default_headers(self) -> None:
        self.set_header("Content-Security-Policy", _POLICY + "'none'")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")

    def prepare(self) -> None:
        # A name that another site has pointed at this machine is not this machine's, and another site has no token.
        given = self.request.headers.get("X-Token") or self.get_query_argument("token", "")
        own = self.request.host.rpartition(":")[0] in (_ADDRESS, "localhost")
        if not own or not secrets.compare_digest(given.encode(), self.token.encode()):
            raise HTTPError(403)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.finish({"error": f"{status_code}"})

    def answer(self, act: Callable[[], Any]) -> None:
        """Send what `act` returns, or in one sentence why it cannot."""
        try:
            self.finish(json.dumps(act()))
        except SocialvolymError as error:
            self.set_status(422)
            self.finish({"error": str(error)})

    def settle(self, act: Callable[[], object]) -> None:
        """Have something settled, and send what then stands."""

        def settled() -> dict[str, Any]:
            act()
            return self.session.state()

        self.answer(settled)


class _Page(_Handler):
    def get(self) -> None:
        self.render("review_server.html", token=self.token, language=self.session.language)


class _State(_Handler):
    def get(self) -> None:
        self.answer(self.session.state)


class _Decide(_Handler):
    def post(self) -> None:
        self.settle(self._decide)

    def _decide(self) -> None:
        try:
            said = json.loads(self.request.body)
            keys, verdict = [str(key) for key in said["keys"]], str(said["verdict"])
            answers = {str(name): str(text) for name, text in said["answers"].items()}
            anyway = said.get("anyway") is True
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SocialvolymError("this is no decision") from error
        self.session.decide(keys, verdict, answers, anyway)


class _Undo(_Handler):
    def post(self) -> None:
        self.settle(self.session.undo)


class _Part(_Handler):
    def post(self) -> None:
        self.settle(lambda: self.session.part([str(key) for key in json.loads(self.request.body)]))


class _Forget(_Handler):
    def post(self, number: str) -> None:
        self.settle(lambda: self.session.forget(int(number)))


class _Compose(_Handler):
    def get(self) -> None:
        said = {name: self.get_query_argument(name, "") for name in ("activity", "quantity", "population", "time", "words")}
        self.answer(lambda: composed(said, self.session.language))


class _Search(_Handler):
    def get(self) -> None:
        self.answer(lambda: search(self.get_query_argument("q", ""), self.session.language))


class _Around(_Handler):
    def get(self, number: str) -> None:
        self.answer(lambda: self.session.around(int(number)))


class _Picture(_Handler):
    def get(self, number: str) -> None:
        picture = self.session.picture(int(number))
        if picture is None:
            raise HTTPError(404)
        self.set_header("Content-Type", "image/png")
        self.finish(picture)


class _Asset(_Handler):
    def prepare(self) -> None:
        """Script and style are the program's own and hold nothing of a report."""

    def get(self, ending: str) -> None:
        self.set_header("Content-Type", {"js": "text/javascript", "css": "text/css"}[ending] + "; charset=utf-8")
        self.finish((_FOLDER / f"review_server.{ending}").read_text(encoding="utf-8"))


class _Icon(RequestHandler):
    def get(self) -> None:
        """Browsers ask for one; there is none."""
        self.set_status(204)


def serve(session: Session, port: int = 0, framed: bool = False) -> tuple[HTTPServer, str]:
    """Begin to serve a review and return the server and its address; tornado's loop must run then, or run already (Jupyter).

    framed: whether a notebook on this machine may show it.
    """
    token = secrets.token_urlsafe(24)
    given = {"session": session, "token": token, "framed": framed}
    routes: list[Any] = [
        (r"/", _Page, given),
        (r"/state", _State, given),
        (r"/decide", _Decide, given),
        (r"/undo", _Undo, given),
        (r"/part", _Part, given),
        (r"/forget/(\d{1,6})", _Forget, given),
        (r"/search", _Search, given),
        (r"/compose", _Compose, given),
        (r"/around/(\d{1,6})", _Around, given),
        (r"/page/(\d{1,6})", _Picture, given),
        (r"/favicon\.ico", _Icon),
        (r"/review\.(js|css)", _Asset, given),
    ]
    sockets = bind_sockets(port, _ADDRESS)
    server = HTTPServer(Application(routes, template_path=str(_FOLDER)), max_body_size=1_000_000)
    server.add_sockets(sockets)
    return server, f"http://{_ADDRESS}:{sockets[0].getsockname()[1]}/?token={token}"
