"""Where notebooks get their kernels: a Jupyter provisioner that asks the warm server, and a manager that talks over files."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from socialvolym.workflow import forking, kernels

_ENDING_SECONDS, _ENDING_LOOKS = 0.005, 20


class WarmProcess:
    """A kernel that was forked by the server, with the part of subprocess.Popen's interface that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self._connection = connection
        self.pid = pid
        self.returncode: int | None = None
        self._heard = b""

    def poll(self) -> int | None:
        """Return the exit code, None while it runs; a server that is gone counts as killed."""
        if self.returncode is None:
            self._connection.setblocking(False)
            try:
                part = self._connection.recv(4096)
            except BlockingIOError:
                return None
            except OSError:
                part = b""
            self._heard += part
            if self._heard.endswith(b"\n"):
                self._close(int(json.loads(self._heard)["exit"]))
            elif not part:
                self._close(-signal.SIGKILL)
        return self.returncode

    def wait(self) -> int:
        """Wait for the end and return the exit code."""
        while (code := self.poll()) is None:
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and all that it started."""
        if self.poll() is None:
            self._connection.setblocking(True)
            try:
                self._connection.sendall(json.dumps({"signal": int(number)}).encode() + b"\n")
            except OSError:
                self._close(-signal.SIGKILL)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def _close(self, code: int) -> None:
        self.returncode = code
        self._connection.close()


class WarmProvisioner(LocalProvisioner):
    """Gets Python kernels from the warm server, and starts them the plain way where there is none or it refuses."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Ask the server for a kernel, or launch `cmd`."""
        process = fork_kernel(cmd, kwargs)
        if process is None:
            return await super().launch_kernel(cmd, **kwargs)
        # The base class treats it like its own process. No group: signals go through the server, which knows whether it lives.
        self.process = process  # type: ignore[assignment]
        self.pid, self.pgid, self.cwd = process.pid, None, kwargs.get("cwd", Path.cwd())
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """End the kernel, and see to it that it has ended: the manager would look for that only ten times a second."""
        await super().kill(restart=restart)
        for _ in range(_ENDING_LOOKS):
            if self.process is None or self.process.poll() is not None:
                return
            await asyncio.sleep(_ENDING_SECONDS)


def fork_kernel(command: list[str], options: dict[str, Any]) -> WarmProcess | None:
    """Ask the server named in the environment for a kernel; None where a plain one must be started."""
    if command[:3] != [sys.executable, "-m", "ipykernel_launcher"]:
        return None
    environment, folder = options.get("env") or os.environ, str(options.get("cwd") or Path.cwd())
    child = forking.ask(os.environ.get(kernels.SERVER), command[3:], environment, folder)
    return WarmProcess(*child) if child else None


class LocalKernelManager(AsyncKernelManager):
    """A kernel manager whose kernels talk over files that only this user can open, not over TCP."""

    def __init__(self, **options: Any) -> None:
        self._folder = tempfile.mkdtemp(prefix="socialvolym-")
        super().__init__(transport="ipc", connection_file=str(Path(self._folder) / "k.json"), **options)

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart=restart)
        if not restart:
            shutil.rmtree(self._folder, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources


def use_warm_kernels() -> None:
    """Make the warm provisioner this process's default; `pip install` registers it for others by entry point."""
    factory = KernelProvisionerFactory.instance()
    factory.provisioners[kernels.PROVISIONER] = EntryPoint(
        kernels.PROVISIONER, "socialvolym.workflow.provisioning:WarmProvisioner", KernelProvisionerFactory.GROUP_NAME
    )
    factory.default_provisioner_name = kernels.PROVISIONER
