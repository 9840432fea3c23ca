"""What is learned from and what is asked: everyone's last liked item is kept for measuring.

Knows sessions only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ranking.lstm import AGAINST
from ranking.sessions import Session


@dataclass(frozen=True)
class Split:
    """Sessions to learn from, to choose by, and to measure on."""

    train: tuple[Session, ...]
    validation: tuple[Session, ...]
    test: tuple[Session, ...]


def leave_last_out(sessions: Sequence[Session]) -> Split:
    """Split by time within each person's session.

    The last item that is new and not spoken against is the test's target, the one before it the
    validation's; training sees what came before both. A session of fewer than three such items is
    learned from whole.

    Parameters
    ----------
    sessions
        One of each person, events in time order.
    """
    train, validation, test = [], [], []
    for session in sessions:
        seen: set[str] = set()
        targets = []
        for position, event in enumerate(session.events):
            if event.kind not in AGAINST and event.item not in seen:
                targets.append(position)
            seen.add(event.item)
        if len(targets) < 3:
            train.append(session)
            continue
        before, last = targets[-2:]
        train.append(Session(session.user, session.events[:before]))
        validation.append(Session(session.user, session.events[: before + 1], before))
        test.append(Session(session.user, session.events[: last + 1], last))
    return Split(tuple(train), tuple(validation), tuple(test))
