"""`concierge index-faq FILE`: from questions and answers to what the desk answers from."""

import sys
from pathlib import Path

from bot.desk.faq import build
from bot.desk.faq_file import read_faq
from bot.settings import Settings

_MOST_SAID = 20


def index_faq(file: Path, settings: Settings) -> None:
    """Take a FAQ file in and say what became of it; a running server takes it up at once.

    Raises
    ------
    FaqError
        If the file cannot be read, holds no entry, or the result cannot be written.
    """
    entries, bad = read_faq(file)
    for entry in bad[:_MOST_SAID]:
        sys.stderr.write(f"{file.name}, line {entry.line}: left out: {entry.reason}\n")
    if len(bad) > _MOST_SAID:
        sys.stderr.write(f"{file.name}: {len(bad) - _MOST_SAID} more left out\n")
    from retrieval.embedding import SentenceEncoder

    build(entries, SentenceEncoder(settings.encoder)).save(settings.home)
    out = f", {len(bad)} left out" if bad else ""
    many = "answer" if len(entries) == 1 else "answers"
    sys.stdout.write(f"{len(entries)} {many}{out}. Try: concierge talk\n")
