"""Running the service: the port opens first, loading goes on behind it, the address comes last.

Knows sockets and uvicorn, not what is served.
"""

import errno
import ipaddress
import socket
import threading

import anyio
import uvicorn
from fastapi import FastAPI

from bot.errors import PortTaken
from bot.running.warmup import Warmup

_GRACE_S = 5  # for what is written when the last turn has ended; then connections are cut
_LOOK_S = 0.1


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


def is_loopback(host: str) -> bool:
    """Tell whether an address is heard on this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Server(uvicorn.Server):
    """Ends in order: no new turn, those that run end, then the connections close.

    A second signal cuts it short.
    """

    def __init__(self, config: uvicorn.Config, warmup: Warmup, turn_s: float) -> None:
        super().__init__(config)
        self._warmup, self._turn_s = warmup, turn_s

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let turns end, then close."""
        if self._warmup.ready:
            admission = self._warmup.concierge.admission
            admission.close()
            with anyio.move_on_after(self._turn_s):
                while admission.running and not self.force_exit:
                    await anyio.sleep(_LOOK_S)
        await super().shutdown(sockets)


def run(
    application: FastAPI, warmup: Warmup, listener: socket.socket, turn_s: float = _GRACE_S
) -> None:
    """Serve until the process is told to end; loads while it serves.

    Parameters
    ----------
    application
        What to serve.
    warmup
        Run here on a thread; if it fails the service ends.
    listener
        Where to listen.
    turn_s
        How long turns that run may take to end, in seconds.

    Raises
    ------
    Exception
        Whatever kept the warm-up from ending well.
    """
    config = uvicorn.Config(
        application,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = _Server(config, warmup, turn_s)

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
