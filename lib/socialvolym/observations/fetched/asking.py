"""Asking open interfaces on the web: politely, again where they are busy or broken for the moment, every answer checked."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3
from pydantic import BaseModel, ValidationError
from requests.adapters import HTTPAdapter

from socialvolym.errors import SocialvolymError

_Model = TypeVar("_Model", bound=BaseModel)


class UnreachableError(SocialvolymError):
    """A service did not answer, or answered that it cannot now: what is stored is gone on with."""


@dataclass(frozen=True)
class Service:
    """A service that is asked, again where it is busy or broken for the moment.

    Parameters
    ----------
    base : its URL, ending in a slash.
    name : what messages call it.
    pause : seconds between two requests, as fetched_facts.toml has it of the service.
    timeout : seconds to connect, and to wait for the next bytes of an answer.
    retries : how often a request is sent again after 429, 5xx, a time-out or a lost connection.
    backoff : seconds before the second attempt; doubled for each further one. Retry-After goes before it.
    longest_wait : seconds that a Retry-After is followed for at most.
    """

    base: str
    name: str = "the service"
    pause: float = field(kw_only=True)
    timeout: tuple[float, float] = (10.0, 60.0)
    retries: int = 4
    backoff: float = 1.0
    longest_wait: int = 120
    _asked: list[float] = field(default_factory=list, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Check the base URL."""
        if urlsplit(self.base).scheme not in {"http", "https"} or not self.base.endswith("/"):
            raise SocialvolymError(
                f"the address of {self.name} is {self.base!r}; write it like https://.../, with a slash at the end"
            )

    @cached_property
    def _session(self) -> requests.Session:
        retry = urllib3.Retry(
            total=self.retries,
            connect=min(1, self.retries),  # without a network a person waits for the answer
            backoff_factor=self.backoff,
            status_forcelist=(429, 500, 502, 503, 504),
            raise_on_status=False,
            retry_after_max=self.longest_wait,
        )
        session = requests.Session()
        session.headers.update({"Accept": "application/json", "User-Agent": "socialvolym"})
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=retry))
        return session

    def get(self, url: str, asked: Mapping[str, str] | None = None) -> Any:
        """Return the JSON that an address of the service answers, asked with parameters.

        Raises
        ------
        UnreachableError
            where the service does not answer, is busy or broken, also after `retries`.
        SocialvolymError
            where it refuses the request or answers something else than JSON.
        """
        if self._asked:
            time.sleep(max(0.0, self._asked.pop() + self.pause - time.monotonic()))
        try:
            response = self._session.get(url, params=asked, timeout=self.timeout)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            advice = "Is there a network and, where one is needed, a proxy in HTTPS_PROXY?"
            raise self.problem(url, f"{self.name} cannot be reached ({_reason(error)})", advice, UnreachableError) from error
        finally:
            self._asked.append(time.monotonic())
        if not response.ok:
            busy = response.status_code == 429 or response.status_code >= 500
            what = f"{self.name} answers {response.status_code} {response.reason}"
            raise self.problem(url, what, "Try again later", UnreachableError if busy else SocialvolymError)
        try:
            return response.json()
        except requests.JSONDecodeError as error:
            raise self.problem(url, f"the answer of {self.name} is not JSON ({error})", "Is this the API's address?") from error

    def checked(self, model: type[_Model], content: Any, url: str) -> _Model:
        """Return an answer as its model; name the first field that is another than is known of the service."""
        try:
            return model.model_validate(content)
        except ValidationError as error:
            wrong = error.errors()[0]
            place = ".".join(map(str, wrong["loc"])) or "the answer"
            raise self.problem(url, f"in the answer of {self.name}, {place}: {wrong['msg']}", "Has the API changed?") from error

    def problem(self, url: str, what: str, advice: str, kind: type[SocialvolymError] = SocialvolymError) -> SocialvolymError:
        """Return the error of an address: what is the matter, and what to do."""
        return kind(f"{url}: {what}; nothing of it was stored. {advice}")


def _reason(error: Exception) -> str:
    """Return why a request failed: what lies under the count of attempts where they are used up."""
    inner = error.args[0] if error.args else error
    return str(getattr(inner, "reason", None) or inner)
