"""The schedules: what systemd and GitHub Actions are told to run is there; cron's line is run in test_adverse.py."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from running_sample import ROOT

SCHEDULE = ROOT / "schedule"
COMMAND = ".venv/bin/socialvolym run --non-interactive"


def unit(name: str) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None, strict=False)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read(SCHEDULE / name, encoding="utf-8")
    return parsed


def test_the_systemd_units_run_the_same_command() -> None:
    service, timer = unit("socialvolym.service"), unit("socialvolym.timer")
    assert service["Service"]["ExecStart"] == f"{service['Service']['WorkingDirectory']}/{COMMAND}"
    assert timer["Timer"]["OnCalendar"]
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for name in ("socialvolym.service", "socialvolym.timer"):
        text = (SCHEDULE / name).read_text(encoding="utf-8")
        # The program of the unit is wherever the repository is; any will do for the check.
        (tmp_path / name).write_text(text.replace(f"ExecStart=%h/socialvolym/{COMMAND}", "ExecStart=/bin/true run"))
    command = ["systemd-analyze", "verify", "--user", *map(str, sorted(tmp_path.iterdir()))]
    variables = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60)
    told = [line for line in done.stderr.splitlines() if "socialvolym" in line]
    assert (done.returncode, told) == (0, [])


def test_the_github_workflow_runs_the_target_that_there_is() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "report.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["report"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["make report ARGS=--non-interactive"]
    assert "\nreport: " in (ROOT / "Makefile").read_text(encoding="utf-8")
    # YAML reads the key `on` as true.
    assert {"push", "schedule", "workflow_dispatch"} == set(workflow[True])
    kept = next(step["with"]["path"].split() for step in steps if "cache" in step.get("uses", ""))
    assert kept == ["build", "data/processed", "reports"]
    [python] = [step["with"] for step in steps if "setup-python" in step.get("uses", "")]
    assert (ROOT / python["cache-dependency-path"]).exists()
