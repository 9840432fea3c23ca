"""HMAC-SHA256 over a timestamp and a body, as Chatwoot signs and as our own events are signed.

The signed bytes are `timestamp.body`; the signature is `sha256=` and 64 hexadecimal digits.
"""

import hashlib
import hmac

MOST_AGE_S = 300.0  # as old as a signed message may be, clocks that differ included


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a body."""
    signed = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={signed.hexdigest()}"


def is_genuine(secret: str, timestamp: str, body: bytes, given: str, now_s: float) -> bool:
    """Tell whether a signature is right and its timestamp (Unix seconds) recent.

    Without a secret nothing is genuine.
    """
    if not (secret and timestamp.isascii() and timestamp.isdigit()):
        return False
    if abs(now_s - int(timestamp)) > MOST_AGE_S:
        return False
    expected = signature(secret, timestamp, body).encode()
    return hmac.compare_digest(expected, given.encode("utf-8", "replace"))
