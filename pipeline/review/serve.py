"""The commands `chidao review` and `chidao users`."""

from __future__ import annotations

import argparse
import gc
import getpass
import ipaddress
import signal
import sys
from pathlib import Path

from models.errors import UsageError
from models.store import StoreError, close_store, create_user, list_users
from pipeline.recorded import open_store_of
from pipeline.review.wording import say
from pipeline.unitfile import office_file

_TURN = 0.001  # seconds that a thread may keep the interpreter: answers are passed on sooner than by Python's 5 ms


def serve(options: argparse.Namespace) -> int:
    """Serve the pages until interrupted. Raises UsageError."""
    import uvicorn

    from pipeline.review.app import create_app
    from pipeline.review.desk import open_desk

    outputs: Path = options.outputs
    sys.setswitchinterval(_TURN)
    signal.signal(signal.SIGTERM, _end)
    office_file(options.registry, outputs)  # says at once where it can't be used
    try:
        with open_desk(outputs, options.inbox, options.registry) as desk:
            _tell(options, bool(list_users(desk.store)))
            app = create_app(desk)
            gc.collect()
            gc.freeze()  # looking through what stays for good held up every answer for 70 ms at a time
            uvicorn.run(app, host=options.host, port=options.port, log_level="warning", server_header=False)
    except StoreError as error:
        raise UsageError(error.code, **error.values) from error
    except OSError as error:
        raise UsageError("folder-unusable", folder=str(outputs), reason=error.strerror or str(error)) from error
    return 0


def _end(*_: object) -> None:
    """End at a service's stop as at an interrupt: uvicorn passes the signal on when it is done, and what the desk has
    not yet written is written."""
    raise SystemExit(0)


def _tell(options: argparse.Namespace, has_users: bool) -> None:
    host = f"[{options.host}]" if ":" in options.host else options.host
    _print(say(options.language, "serving", address=f"http://{host}:{options.port}/"))
    if not has_users:
        _print(say(options.language, "serving-nobody"))
    if not _is_loopback(options.host):
        _print(say(options.language, "serving-open"))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def add_user(options: argparse.Namespace) -> int:
    """Make an account; the password is asked for, or read from the first line of a pipe. Raises UsageError."""
    try:
        store = open_store_of(options.outputs)
    except StoreError as error:
        raise UsageError(error.code, **error.values) from error
    try:
        user = create_user(store, options.name, _password(options), options.role)
    finally:
        close_store(store)
    _print(say(options.language, "user-added", name=user.name, role=say(options.language, f"role-{user.role}")))
    return 0


def _password(options: argparse.Namespace) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    asked = [getpass.getpass(say(options.language, key) + ": ") for key in ("password", "password-again")]
    if asked[0] != asked[1]:
        raise UsageError("passwords-differ")
    return asked[0]


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
