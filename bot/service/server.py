"""Running the service: the port opens first, loading goes on behind it, the address comes last.

Knows sockets and uvicorn, not what is served.
"""

import errno
import socket
import threading

import uvicorn
from fastapi import FastAPI

from bot.errors import PortTaken
from bot.warmup import Warmup

_GRACE_S = 5


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address; port 0 lets the system choose.

    Raises
    ------
    PortTaken
        If the address cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise PortTaken(
            f"expected a host to listen on, got {host!r}; choose one with --host"
        ) from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        why = {
            errno.EADDRINUSE: f"port {port} on {host} is in use by another program",
            errno.EACCES: f"port {port} may not be opened by this user",
        }.get(error.errno or 0, f"cannot listen on {host} port {port}: {error.strerror}")
        raise PortTaken(f"{why}; choose another with --port, such as --port {port + 1}") from error
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address that a browser on this machine opens."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
    return f"http://{f'[{host}]' if ':' in host and '[' not in host else host}:{port}"


def run(application: FastAPI, warmup: Warmup, listener: socket.socket) -> None:
    """Serve until the process is told to end; loads while it serves.

    Parameters
    ----------
    application
        What to serve.
    warmup
        Run here on a thread; if it fails the service ends.
    listener
        Where to listen.

    Raises
    ------
    Exception
        Whatever kept the warm-up from ending well.
    """
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = uvicorn.Server(config)

    def load() -> None:
        warmup.run()
        if warmup.error is not None:
            server.should_exit = True

    threading.Thread(target=load, name="warm-up", daemon=True).start()
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()
        warmup.close()
    if warmup.error is not None:
        raise warmup.error
