"""API keys: made here, shown once, kept as hashes in a file that only this user may read.

Keys are 256 random bits, so a plain SHA-256 is enough: there is nothing to guess. Knows no HTTP.
"""

import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import BadKeys

FILE = "keys.json"
_PREFIX = "ck_"


@dataclass(frozen=True)
class Key:
    """What is known of a key.

    Parameters
    ----------
    id
        Stands for it everywhere; guards nothing.
    name
        What it is for, in its maker's words.
    user
        Whose conversations it opens; None for those that it began itself.
    public
        Whether it may stand in a web page: it can begin conversations and go on with them, and
        nothing else.
    made_s
        When it was made, Unix time in seconds.
    """

    id: str
    name: str
    user: str | None
    public: bool
    made_s: float


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str
    name: str
    hash: str
    user: str | None
    public: bool
    made_s: float

    def key(self) -> Key:
        return Key(self.id, self.name, self.user, self.public, self.made_s)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    keys: list[_Line]


class Keys:
    """The keys of one state folder. What other processes change is seen at once."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE
        self._read_at: tuple[int, int, int] | None = None
        self._lines: tuple[_Line, ...] = ()

    @property
    def exist(self) -> bool:
        """Tell whether keys were ever made here, even if all are revoked."""
        return self._path.exists()

    def all(self) -> tuple[Key, ...]:
        """Return every key that holds, oldest first.

        Raises
        ------
        BadKeys
            If the file cannot be read.
        """
        return tuple(line.key() for line in self._current())

    def find(self, secret: str) -> Key | None:
        """Return the key of a secret; None if there is none.

        Raises
        ------
        BadKeys
            If the file cannot be read.
        """
        hashed = _hash(secret)
        found = (line for line in self._current() if secrets.compare_digest(line.hash, hashed))
        return next((line.key() for line in found), None)

    def add(self, name: str, user: str | None = None, public: bool = False) -> tuple[Key, str]:
        """Make a key; return it with its secret, which is kept nowhere.

        Raises
        ------
        BadKeys
            If there is one of that name, or it is to be public and a user's at once.
        """
        if public and user is not None:
            raise BadKeys(
                "expected a key for web pages or one of a user, got both; everyone can read a "
                "key in a web page, so it must open nobody's conversations"
            )
        secret = _PREFIX + secrets.token_urlsafe(32)
        id_ = f"key_{secrets.token_hex(4)}"
        with self._changing() as lines:
            if any(line.name == name for line in lines):
                raise BadKeys(
                    f"expected a new name, there is a key {name!r} already; choose another, or "
                    f"revoke it with `concierge keys revoke {name}`"
                )
            line = _Line(
                id=id_, name=name, hash=_hash(secret), user=user, public=public, made_s=time.time()
            )
            lines.append(line)
        return line.key(), secret

    def revoke(self, name: str) -> Key:
        """Take a key back, by its name or id; it is refused from now on.

        Raises
        ------
        BadKeys
            If there is none of that name.
        """
        with self._changing() as lines:
            gone = next((line for line in lines if name in (line.name, line.id)), None)
            if gone is None:
                known = ", ".join(line.name for line in lines) or "none at all"
                raise BadKeys(f"expected the name or id of a key, got {name!r}; there is {known}")
            lines.remove(gone)
        return gone.key()

    @contextmanager
    def _changing(self) -> Iterator[list[_Line]]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._path.with_suffix(".lock"), timeout=10):
            lines = list(self._current())
            yield lines
            text = json.dumps({"keys": [line.model_dump() for line in lines]}, indent=1)
            fresh = self._path.with_suffix(".new")
            with os.fdopen(
                os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
            ) as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(self._path)

    def _current(self) -> tuple[_Line, ...]:
        try:
            about = self._path.stat()
            stamp = (about.st_mtime_ns, about.st_size, about.st_ino)
            if stamp != self._read_at:
                text = self._path.read_text("utf-8")
                self._lines = tuple(_File.model_validate_json(text).keys)
                self._read_at = stamp
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, ValidationError) as error:
            raise BadKeys(
                f"expected API keys in {self._path}, it cannot be read ({type(error).__name__}); "
                "restore it, or delete it and make new keys with `concierge keys add NAME`"
            ) from error
        return self._lines


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
