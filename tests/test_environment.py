"""The environment: what is declared is locked, once, in every lock alike."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

REPOSITORY = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
#: lock -> what it is made from
LOCKS = {"run": ("build",), "test": ("build", "test"), "lab": ("build", "lab"), "cluster": ("build", "cluster")}


def declared(lock: str) -> list[Requirement]:
    extras = (text for extra in LOCKS[lock] for text in EXTRAS[extra])
    return [Requirement(text) for text in (*PROJECT["dependencies"], *extras)]


def lines(lock: str) -> Iterator[Requirement]:
    for line in (REPOSITORY / "requirements" / f"{lock}.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield Requirement(line)


def pins(lock: str) -> dict[tuple[str, str], str]:
    """Return a lock's versions: (name, marker) -> version."""
    return {(canonicalize_name(line.name), str(line.marker or "")): next(iter(line.specifier)).version for line in lines(lock)}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_one_exact_version_each_and_no_address(lock: str) -> None:
    for line in lines(lock):
        assert [part.operator for part in line.specifier] == ["=="], str(line)
        assert line.url is None, str(line)
    assert len(list(lines(lock))) == len(pins(lock)) > len(declared(lock))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_declared_dependency_is_locked_in_its_range(lock: str) -> None:
    locked = pins(lock)
    for requirement in declared(lock):
        versions = [version for (name, _), version in locked.items() if name == canonicalize_name(requirement.name)]
        assert versions, f"{requirement} is not in requirements/{lock}.txt: run `make lock`"
        assert all(Version(version) in requirement.specifier for version in versions), f"{requirement}: {versions}"


@pytest.mark.parametrize("lock", ["test", "lab", "cluster"])
def test_what_runs_is_tested_and_opened_in_the_same_versions(lock: str) -> None:
    everywhere = {(name, version) for (name, _), version in pins(lock).items()}
    assert {(name, version) for (name, _), version in pins("run").items()} - everywhere == set()


def test_conda_takes_the_lock_of_the_lab_and_an_allowed_python() -> None:
    environment = yaml.safe_load((REPOSITORY / "environment.yml").read_text(encoding="utf-8"))
    conda = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    [pip] = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    [python] = [Requirement(entry.replace("=", "==")) for entry in conda if entry.startswith("python=")]
    version = next(iter(python.specifier)).version
    assert Version(version) in Requirement(f"python{PROJECT['requires-python']}").specifier
    assert "pip" in conda
    assert [entry for entry in pip if entry.startswith("-r")] == ["-r requirements/lab.txt"]
    assert "-e ." in pip


def test_the_tools_of_the_tests_do_not_run_unattended() -> None:
    run = {name for name, _ in pins("run")}
    assert run.isdisjoint({"jupyterlab", "pytest", "playwright", "hypothesis", "mypy", "ruff"})
