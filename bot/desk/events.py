"""Events to the shop's own software: `recommended`, `accepted`, `handoff`.

Each is kept in the desk's store when the turn has ended, and sent from there until the receiver
answers with 2xx: at least once, in any order, known again by its id. A turn never waits for the
receiver. Knows nothing of how a turn is made.
"""

import json
import logging
import time
import uuid
from typing import Any

import httpx

from bot.desk.signing import signature
from bot.desk.store import DeskStore, Outgoing
from bot.desk.summary import summary
from bot.desk.worker import Worker
from bot.errors import StoreError
from bot.replies import facts_json
from bot.settings import Settings
from bot.types import Conversation, Reply
from retrieval.index import Index

MOST_WAITING = 10_000
_KEEP_S = 3 * 24 * 3600.0
_LONGEST_WAIT_S = 600.0
_TIMEOUT_S = 10.0
_BATCH = 20
_log = logging.getLogger("concierge.desk")


class Events:
    """Tells the shop's software what happens in the talks.

    Parameters
    ----------
    settings
        With the receiver's address and the secret.
    store
        Keeps events until they are sent.
    """

    def __init__(self, settings: Settings, store: DeskStore) -> None:
        self._url, self._store = settings.webhook_url, store
        self._secret = settings.webhook_secret.get_secret_value()
        self._client = httpx.Client(timeout=_TIMEOUT_S)
        self._worker = Worker("events", settings.home, self._work)

    def tell(
        self, before: Conversation, after: Conversation, reply: Reply | None, index: Index
    ) -> None:
        """Keep the events of a change, to be sent; a full store or disk loses them with a log line.

        Parameters
        ----------
        before, after
            The conversation before and after a turn or feedback.
        reply
            The turn's reply; None for feedback.
        index
            Of the conversation's catalogue.
        """
        for name, more in _events(before, after, reply, index):
            event = {
                "id": str(uuid.uuid4()),
                "event": name,
                "created_s": round(time.time(), 3),
                "session": after.id,
                "user": after.user,
                "catalog": after.catalog,
                "turn": after.turn,
                **more,
            }
            try:
                kept = self._store.put(event["id"], json.dumps(event), MOST_WAITING)
            except StoreError as error:
                _log.error("an event %s is lost: %s", name, error)
                continue
            if not kept:
                _log.error(
                    "an event %s is lost: %s wait already; see whether the receiver at "
                    "CONCIERGE_WEBHOOK_URL answers",
                    name,
                    f"{MOST_WAITING:,}",
                )
        self._worker.wake()

    def _work(self) -> None:
        for event in self._store.outgoing(_BATCH):
            if self._worker.ending:
                return
            self._send(event)

    def _send(self, event: Outgoing) -> None:
        body, now = event.body.encode(), str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-Concierge-Event": event.id,
            "X-Concierge-Timestamp": now,
            "X-Concierge-Signature": signature(self._secret, now, body),
        }
        try:
            answer = self._client.post(self._url, content=body, headers=headers)
            came = f"status {answer.status_code}"
            if answer.is_success:
                self._store.sent(event.id)
                return
        except httpx.HTTPError as error:
            came = type(error).__name__
        if time.time() - event.taken_s > _KEEP_S:
            _log.error("an event is given up after three days: expected 2xx, got %s", came)
            self._store.sent(event.id)
            return
        _log.warning("an event is sent again later: expected 2xx, got %s", came)
        self._store.postpone(event.id, min(_LONGEST_WAIT_S, 2.0**event.attempts))

    def close(self) -> None:
        """End it; what is not sent is sent after the next start."""
        self._worker.close(timeout_s=_TIMEOUT_S + 1)
        self._client.close()


def _events(
    before: Conversation, after: Conversation, reply: Reply | None, index: Index
) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    if reply is not None and reply.act == "recommend" and reply.items:
        items = [{"id": i.id, "title": i.title, "score": round(i.score, 6)} for i in reply.items]
        found.append(("recommended", {"items": items}))
    bought = [e.item for e in after.events[len(before.events) :] if e.kind == "bought"]
    if bought:
        held = index.get(bought)
        items = [{"id": i.id, "title": i.title, "facts": facts_json(i.facts)} for i in held]
        found.append(("accepted", {"items": items}))
    if reply is not None and reply.act == "handoff":
        found.append(("handoff", {"summary": summary(after, index)}))
    return found
