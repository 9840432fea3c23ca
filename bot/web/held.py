"""What a browser keeps of a talk: its id, and the press that is still being answered.

Its storage is in the person's hands, so nothing of it is trusted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

_LONGEST_ID = 128
_SESSION, _KEY = "session", "key"


@dataclass(frozen=True)
class Held:
    """What a browser keeps.

    Parameters
    ----------
    session
        The id of its conversation, empty before the first message.
    key
        How the turn that is being answered is known again, empty while none is.
    press
        The data of the press that began this turn.
    """

    session: str = ""
    key: str = ""
    press: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, sent: object) -> Self:
        """Return what a browser sent; whatever is not text is left out."""
        known = sent if isinstance(sent, Mapping) else {}
        texts = {k: v for k, v in known.items() if isinstance(k, str) and isinstance(v, str)}
        session, key = texts.pop(_SESSION, ""), texts.pop(_KEY, "")
        if len(session) > _LONGEST_ID:
            return cls()
        return cls(session, key, texts) if 0 < len(key) <= _LONGEST_ID else cls(session)

    def written(self) -> dict[str, str]:
        """Return it as the browser keeps it."""
        return {**self.press, _SESSION: self.session, **({_KEY: self.key} if self.key else {})}
