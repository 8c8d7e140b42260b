"""Prefect's own API server, started beside us and kept for as long as we run: whoever runs a server names that one."""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from pipeline import processes

_START = 120.0  # seconds; some 5 on an idle machine
_APPLICATION = "prefect.server.api.server:create_app"


class Server:
    """A server process, its address, and whether it is alive; it dies with this process, even by kill -9."""

    def __init__(self) -> None:
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{self._port}/api"

    def start(self) -> None:
        """Start the server, or start it anew at its address where it has died; `wait` waits until it answers."""
        if self._process is not None and self._process.poll() is None:
            return
        arguments = ["--factory", _APPLICATION, "--host", "127.0.0.1", "--port", str(self._port), "--lifespan", "on"]
        without_api = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", *arguments, "--log-level", "critical"],
            env={**without_api, "PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us: what is under way is still recorded
            preexec_fn=processes.die_with_parent,
        )
        atexit.register(self.stop)

    def wait(self) -> None:
        """Wait until the server answers. Raises OSError where it doesn't."""
        end = time.monotonic() + _START
        while time.monotonic() < end and self._process is not None and self._process.poll() is None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"{os.environ['PREFECT_API_URL']}/health", timeout=5).close()
                return
            time.sleep(0.05)
        self.stop()
        raise ConnectionError(111, "Prefect's server does not start", os.environ["PREFECT_API_URL"])

    def stop(self) -> None:
        atexit.unregister(self.stop)
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def own_server() -> Server | None:
    """Return a server that is being started, or None where Prefect is told of another one or runs already."""
    if os.environ.get("PREFECT_API_URL") or "prefect" in sys.modules:
        return None
    server = Server()
    server.start()
    return server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
