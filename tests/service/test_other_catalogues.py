"""A catalogue that is not loaded yet: others are served meanwhile, and whoever asks is told."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from fastapi.testclient import TestClient

from bot import trial
from bot.concierge import Concierge, Parts
from bot.errors import NotReady
from bot.llm.deadline import within
from bot.running.loading import Later
from bot.running.warmup import Warmup
from bot.service.app import create
from bot.settings import Settings
from bot.web.handlers import Chat
from retrieval.index import Index


class Two(Mapping[str, Index]):
    """One catalogue that is there, and one that is loaded when it is let."""

    def __init__(self, index: Index) -> None:
        self.let, self.begun, self._index = threading.Event(), threading.Event(), index
        self._slow: Later[Index] = Later("slow", self._load)

    def _load(self) -> Index:
        self.begun.set()
        self.let.wait(60)
        return self._index

    def __getitem__(self, name: str) -> Index:
        return self._slow.get() if name == "slow" else self._index

    def __contains__(self, name: object) -> bool:
        return name in ("films", "slow")

    def __iter__(self) -> Iterator[str]:
        return iter(("films", "slow"))

    def __len__(self) -> int:
        return 2


@pytest.fixture
def catalogs(concierge: Concierge) -> Iterator[Two]:
    two = Two(concierge.catalogs["films"])
    yield two
    two.let.set()


def bot_over(catalogs: Two, made: Concierge, turn_s: float) -> Concierge:
    parts: Parts = replace(made._parts, catalogs=catalogs)
    return Concierge(Settings(home=made.settings.home, catalog="films", turn_s=turn_s), parts)


def test_a_turn_that_meets_a_loading_catalogue_is_told_when_to_come_back(
    concierge: Concierge, catalogs: Two
) -> None:
    bot = bot_over(catalogs, concierge, turn_s=0.2)
    with TestClient(create(Warmup.done(bot))) as client:
        assert catalogs.begun.wait(60)  # nobody asked for it yet
        slow = client.post("/api/sessions", json={"catalog": "slow"}).json()["id"]
        early = client.post(f"/api/sessions/{slow}/messages", json={"text": "a comedy"})
        assert early.status_code == 503 and early.headers["retry-after"]
        assert early.json()["detail"] == "Still loading: slow. Please try again."
        films = client.post("/api/sessions", json={}).json()["id"]
        other = client.post(f"/api/sessions/{films}/messages", json={"text": "a comedy"})
        assert other.status_code == 200
        catalogs.let.set()
        catalogs["slow"]
        late = client.post(f"/api/sessions/{slow}/messages", json={"text": "a comedy"})
        assert late.status_code == 200 and late.json()["turn"] == 1
    assert bot.pulse.failing == ""


def test_the_page_says_kindly_that_a_catalogue_is_still_loading(
    concierge: Concierge, catalogs: Two
) -> None:
    *_, shown = Chat(bot_over(catalogs, concierge, turn_s=0.2)).restart("slow")
    assert shown.picker == "films" and shown.notice == "Still loading: slow. Please try again."


def test_who_has_little_time_does_not_keep_a_part_from_being_made(catalogs: Two) -> None:
    with within(0.0), pytest.raises(NotReady, match="slow"):
        catalogs["slow"]
    catalogs.let.set()
    assert len(catalogs["slow"]) == 12


def test_without_memory_other_catalogues_wait_for_their_first_use(
    concierge: Concierge, catalogs: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    little = psutil.virtual_memory()._replace(available=1 << 20)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: little)
    bot_over(catalogs, concierge, turn_s=60.0).warm_others()
    assert not catalogs.begun.is_set()


def test_a_catalogue_that_cannot_be_loaded_keeps_no_other_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bot = trial.build(tmp_path)
    warmed: list[str] = []

    def warm(catalog: str) -> None:
        warmed.append(catalog)
        if catalog == "broken":
            raise NotReady("not now")

    monkeypatch.setattr(bot, "warm", warm)
    index = bot.catalogs["films"]
    monkeypatch.setattr(
        bot, "_parts", replace(bot._parts, catalogs=dict.fromkeys(("films", "broken", "b"), index))
    )
    bot.warm_others()
    assert warmed == ["broken", "b"] and "broken" in caplog.text
    bot.close()
