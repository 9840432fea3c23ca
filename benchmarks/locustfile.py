"""People who talk with a service that runs: `locust -f benchmarks/locustfile.py --host URL`.

With keys, set CONCIERGE_KEY. A 503 with Retry-After is an honest answer and counts as none.
"""

import os
import random

from locust import HttpUser, between, task

from benchmarks.service_load import MESSAGES


class Person(HttpUser):
    """Talks for a while, likes something now and then, and begins anew."""

    wait_time = between(1, 5)

    def on_start(self) -> None:
        if key := os.environ.get("CONCIERGE_KEY"):
            self.client.headers["Authorization"] = f"Bearer {key}"
        self._begin()

    def _begin(self) -> None:
        self.session = self.client.post("/api/sessions", json={}).json().get("id", "")
        self.shown: list[str] = []

    @task(10)
    def say(self) -> None:
        at = f"/api/sessions/{self.session}/messages"
        text = random.choice(MESSAGES)
        name = "/api/sessions/[id]/messages"
        with self.client.post(at, json={"text": text}, name=name, catch_response=True) as answer:
            if answer.status_code == 503 and "Retry-After" in answer.headers:
                answer.success()
            elif answer.ok:
                self.shown = [item["id"] for item in answer.json()["items"]] or self.shown

    @task(2)
    def like(self) -> None:
        if self.shown:
            at = f"/api/sessions/{self.session}/feedback"
            body = {"item": random.choice(self.shown), "kind": "like"}
            self.client.post(at, json=body, name="/api/sessions/[id]/feedback")

    @task(1)
    def begin_anew(self) -> None:
        self._begin()
