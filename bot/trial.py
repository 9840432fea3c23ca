"""A bot made of fakes: twelve films, hashed words, an LLM that only spots the catalogue's words.

For tests of the faces and for trying them out without models; starts in a second and needs no
weights. It is no way to read messages well: `bot.app` builds the real one.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.concierge import Concierge, Parts
from bot.desk.service_desk import ServiceDesk
from bot.llm.base import LLM, ReasonBrief, Situation
from bot.reading import Added, Reading
from bot.running.loading import Later
from bot.running.sessions import open_sessions
from bot.settings import Settings
from bot.shelves.catalogs import Given
from bot.shelves.shelf import FILMS, films
from retrieval.catalog import Catalog
from retrieval.embedding import HashEncoder
from retrieval.index import Index
from retrieval.types import Op

OPENINGS = ("A comedy from the nineties", "Something like Parasite")


class Spotter:
    """An LLM that takes every value of the catalogue in a message for a wish."""

    name = "spotter"

    def read(self, situations: Sequence[Situation]) -> tuple[Reading, ...]:
        """Return a reading made of the situations' hints; after "no" or "not" they are unwanted."""
        return tuple(self._read(situation) for situation in situations)

    def _read(self, situation: Situation) -> Reading:
        text = situation.text
        if text.casefold().strip() in ("undo", "undo that"):
            return Reading(act="undo")
        if "hello" in text.casefold():
            return Reading(act="smalltalk")
        similar, added = [], []
        for hint in situation.hints:
            words = text[hint.start : hint.end]
            before = text[: hint.start].casefold().rstrip()
            if hint.facet is None:
                similar.append(words)
            else:
                op: Op = "!=" if before.endswith((" no", " not")) else "="
                added.append(Added(facet=hint.facet, op=op, text=words))
        return Reading(act="recommend", add=tuple(added), similar=tuple(similar))

    def write(self, briefs: Sequence[ReasonBrief], candidates: int) -> tuple[tuple[str, ...], ...]:
        """Return no reasons, so that they are composed from facts."""
        return tuple(() for _ in briefs)


def build(home: Path, llm: LLM | None = None) -> Concierge:
    """Return a bot over the twelve films, with its state under `home`.

    Parameters
    ----------
    home
        A folder; its conversations survive as those of a real bot do.
    llm
        What reads and writes; by default a `Spotter`.
    """
    from ranking.lstm import TrackerConfig
    from ranking.tracker import InterestTracker

    encoder = HashEncoder()
    catalog = Catalog(replace(FILMS, openings=OPENINGS), films())
    index = Index.open("films", home, encoder, catalog)
    tracker = InterestTracker(TrackerConfig(item_dim=encoder.dimension, hidden_dim=16)).eval()
    reader: LLM = llm or Spotter()
    parts = Parts(
        Later("LLM", lambda: reader),
        Later("interest tracker", lambda: tracker),
        Given({"films": index}),
        open_sessions(home),
        desk=ServiceDesk(home, lambda: encoder),
        close=index.close,
    )
    return Concierge(Settings(home=home, catalog="films"), parts)
