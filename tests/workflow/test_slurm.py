"""The workflow on a real, small Slurm: a controller and two compute daemons on this machine, one of them killed in the middle."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from running_sample import ROOT, build, environment, run, shown

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue")
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
_CONFIGURATION = """ClusterName=small
SlurmctldHost={host}
SlurmctldPort={ports[0]}
SlurmUser={user}
SlurmdUser={user}
AuthInfo=socket={folder}/munge/socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SlurmdTimeout=10
MinJobAge=300
MpiDefault=none
AccountingStorageType=accounting_storage/none
NodeName=n1 NodeHostname={host} Port={ports[1]} CPUs=2 RealMemory=8000
NodeName=n2 NodeHostname={host} Port={ports[2]} CPUs=2 RealMemory=8000
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
"""

missing = [name for name in PROGRAMS if shutil.which(name, path=_PATH) is None]
pytestmark = [
    pytest.mark.skipif(bool(missing), reason=f"Slurm is not installed: no {', '.join(missing)}"),
    pytest.mark.skipif(
        importlib.util.find_spec("snakemake_executor_plugin_slurm") is None,
        reason="Snakemake's executor for Slurm is not installed: requirements/cluster.txt",
    ),
]


@dataclass
class Cluster:
    """A running Slurm: the environment of its clients, and its compute daemons by node."""

    environment: dict[str, str]
    daemons: dict[str, subprocess.Popen[bytes]]

    def ask(self, *command: str) -> str:
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=30).stdout

    def wait_for(self, what: str, *command: str, seconds: float = 120) -> None:
        until = time.monotonic() + seconds
        while what not in self.ask(*command):
            assert time.monotonic() < until, f"{' '.join(command)} never said {what!r}"
            time.sleep(0.2)


def free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for opened in sockets:
            opened.bind(("127.0.0.1", 0))
        return [opened.getsockname()[1] for opened in sockets]


def with_clients(folder: Path) -> str:
    """Return a PATH on which Slurm's clients know this Slurm: Snakemake takes Slurm's variables out of the jobs' environment."""
    (folder / "bin").mkdir()
    for name in ("srun", "sbatch", "squeue", "scancel", "sinfo", "scontrol", "sacct"):
        client = folder / "bin" / name
        client.write_text(f'#!/bin/sh\nSLURM_CONF={folder}/slurm.conf exec {shutil.which(name, path=_PATH)} "$@"\n')
        client.chmod(0o755)
    return f"{folder / 'bin'}{os.pathsep}{_PATH}"


@contextmanager
def started(
    log: Path, environment: dict[str, str], *command: str, folder: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as stream:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=stream, stderr=stream, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "slurm"
    for name in ("munge", "state", "spool.n1", "spool.n2"):
        (folder / name).mkdir(parents=True)
    key = folder / "munge" / "key"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o400)
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    text = _CONFIGURATION.format(host=socket.gethostname(), folder=folder, user=user, ports=free_ports(3))
    (folder / "slurm.conf").write_text(text)
    (folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
    variables = {**os.environ, "PATH": with_clients(folder), "SLURM_CONF": str(folder / "slurm.conf")}
    munge = folder / "munge"
    files = [f"--{name}={munge / name.split('-')[0]}" for name in ("key-file", "socket", "pid-file", "log-file", "seed-file")]
    with ExitStack() as stack:
        stack.enter_context(started(munge / "out", variables, "munged", "--foreground", "--force", *files))
        stack.enter_context(started(folder / "controller", variables, "slurmctld", "-D"))
        daemons = {
            node: stack.enter_context(started(folder / node, variables, "slurmd", "-D", "-N", node)) for node in ("n1", "n2")
        }
        found = Cluster(variables, daemons)
        found.wait_for("2 idle", "sinfo", "--noheader", "--format=%D %T", seconds=60)
        yield found


def test_all_pages_are_there_though_a_compute_daemon_is_killed(cluster: Cluster, tmp_path: Path) -> None:
    plain = build(tmp_path / "plain")
    assert run(plain).returncode == 0
    home = build(tmp_path / "home")
    command = [sys.executable, "-m", "snakemake", "--profile", str(ROOT / "cluster" / "slurm"), "--group-components", "pages=1"]
    # The profile asks for nodes of a cluster; these two are small.
    small = ["--default-resources", "runtime=10", "mem_mb=500"]
    small += ["--set-resources", "page:mem_mb=500", "validate:mem_mb=500"]
    variables = {**environment(home), **cluster.environment, "SOCIALVOLYM_HOME": str(home)}
    with started(tmp_path / "snakemake", variables, *command, *small, folder=home) as flow:
        while "n2 R" not in cluster.ask("squeue", "--noheader", "--format=%N %t"):
            assert flow.poll() is None, (tmp_path / "snakemake").read_text()[-3000:]
            time.sleep(0.2)
        cluster.daemons["n2"].kill()
        assert flow.wait(timeout=500) == 0, (tmp_path / "snakemake").read_text()[-3000:]
    assert "down" in cluster.ask("sinfo", "--noheader", "--nodes=n2", "--format=%T")
    assert shown(home) == shown(plain)
