"""Who may come in, and what they reach."""

import json
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.concierge import Concierge
from bot.errors import BadKeys
from bot.running.keys import FILE, Keys
from bot.running.warmup import Warmup
from bot.service.app import create
from bot.service.door import Policy
from bot.service.rates import Rate

Guarded = tuple[TestClient, Keys]


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def begin(client: TestClient, secret: str, **body: str) -> str:
    made = client.post("/api/sessions", json=body, headers=bearer(secret))
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def statuses(client: TestClient, session: str, secret: str) -> set[int]:
    """Try everything that can be done with a session; return the statuses."""
    head, at = bearer(secret), f"/api/sessions/{session}"
    return {
        client.get(at, headers=head).status_code,
        client.post(f"{at}/messages", json={"text": "a comedy"}, headers=head).status_code,
        client.post(
            f"{at}/messages",
            json={"text": "a comedy"},
            headers=head | {"Accept": "text/event-stream"},
        ).status_code,
        client.post(
            f"{at}/feedback", json={"item": "heat", "kind": "like"}, headers=head
        ).status_code,
        client.post(f"{at}/undo", headers=head).status_code,
        client.delete(at, headers=head).status_code,
    }


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer \x00"},
        {"Authorization": "Bearer " + "x" * 8000},
    ],
)
@pytest.mark.parametrize(
    "path", ["/api/sessions/x", "/api/users/ada/export", "/v1/models", "/metrics", "/api/new-route"]
)
def test_without_a_key_nothing_is_told(guarded: Guarded, path: str, header: dict[str, str]) -> None:
    answer = guarded[0].get(path, headers=header)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_health_and_readiness_need_no_key(guarded: Guarded) -> None:
    assert guarded[0].get("/health").status_code == 200
    assert guarded[0].get("/ready").status_code == 200


def test_a_session_of_another_key_is_as_good_as_none(guarded: Guarded) -> None:
    client, keys = guarded
    (_, mine), (_, theirs) = keys.add("mine"), keys.add("theirs")
    session = begin(client, mine)
    assert statuses(client, session, theirs) == {404}
    none = client.get("/api/sessions/no-such-session", headers=bearer(theirs)).json()
    other = client.get(f"/api/sessions/{session}", headers=bearer(theirs)).json()
    assert none["title"] == other["title"] and none["type"] == other["type"]
    assert 200 in statuses(client, session, mine)


def test_a_users_key_opens_what_the_user_began_with_any_key(guarded: Guarded) -> None:
    client, keys = guarded
    (_, desk), (_, ada), (_, bob) = keys.add("desk"), keys.add("a", "ada"), keys.add("b", "bob")
    session = begin(client, desk, user="ada")
    assert statuses(client, session, bob) == {404}
    assert client.get(f"/api/sessions/{session}", headers=bearer(ada)).status_code == 200
    own = begin(client, ada)
    assert client.get(f"/api/sessions/{own}", headers=bearer(ada)).json()["user"] == "ada"


def test_nobody_speaks_for_another_user(guarded: Guarded) -> None:
    client, keys = guarded
    (_, desk), (_, ada), (_, page) = (
        keys.add("desk"),
        keys.add("a", "ada"),
        keys.add("page", public=True),
    )
    begin(client, desk, user="bob")
    for secret in (ada, page):
        head = bearer(secret)
        assert client.post("/api/sessions", json={"user": "bob"}, headers=head).status_code == 403
        assert client.get("/api/users/bob/export", headers=head).status_code == 403
        assert client.delete("/api/users/bob", headers=head).status_code == 403
        assert client.get("/metrics", headers=head).status_code == 403
    talks = client.get("/api/users/bob/export", headers=bearer(desk)).json()["sessions"]
    assert len(talks) == 1


def test_a_key_exports_and_forgets_only_what_it_began(guarded: Guarded) -> None:
    client, keys = guarded
    (_, one), (_, other) = keys.add("one"), keys.add("other")
    begin(client, one, user="eve")
    kept = begin(client, other, user="eve")
    export = client.get("/api/users/eve/export", headers=bearer(one)).json()
    assert len(export["sessions"]) == 1
    assert client.delete("/api/users/eve", headers=bearer(one)).json() == {"sessions": 1}
    assert client.get(f"/api/sessions/{kept}", headers=bearer(other)).status_code == 200


def test_a_key_for_web_pages_can_talk_and_nothing_else(guarded: Guarded) -> None:
    client, keys = guarded
    _, page = keys.add("page", public=True)
    session = begin(client, page)
    assert 200 in statuses(client, session, page)
    for path in ("/v1/models", "/metrics", "/api/users/x/export", "/api/catalogs/films/items"):
        assert client.get(path, headers=bearer(page)).status_code == 403


def test_a_revoked_key_is_refused_at_once(guarded: Guarded) -> None:
    client, keys = guarded
    _, secret = keys.add("short-lived")
    session = begin(client, secret)
    Keys(keys._path.parent).revoke("short-lived")
    assert client.get(f"/api/sessions/{session}", headers=bearer(secret)).status_code == 401


def test_keys_are_kept_as_hashes_in_a_file_of_ones_own(tmp_path: Path) -> None:
    key, secret = Keys(tmp_path).add("desk")
    text = (tmp_path / FILE).read_text()
    assert secret not in text and secret.removeprefix("ck_") not in text
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    assert Keys(tmp_path).find(secret) == key
    assert Keys(tmp_path).find(secret[:-1]) is None
    with pytest.raises(BadKeys, match="already"):
        Keys(tmp_path).add("desk")
    with pytest.raises(BadKeys, match="desk"):
        Keys(tmp_path).revoke("other")
    with pytest.raises(BadKeys, match="web pages"):
        Keys(tmp_path).add("both", "ada", public=True)


def test_a_damaged_file_of_keys_closes_the_door(guarded: Guarded) -> None:
    client, keys = guarded
    _, secret = keys.add("desk")
    keys._path.write_text(json.dumps({"keys": "all of them"}))
    answer = client.get("/v1/models", headers=bearer(secret))
    assert answer.status_code == 503
    assert str(keys._path) not in answer.text


def test_the_first_key_closes_the_door_and_the_last_one_does_not_open_it(
    concierge: Concierge, tmp_path: Path
) -> None:
    keys = Keys(tmp_path)
    policy = Policy(keys, local=True)
    with TestClient(create(Warmup.done(concierge), policy=policy), "http://localhost") as client:
        assert client.get("/v1/models").status_code == 200
        keys.add("desk")
        assert client.get("/v1/models").status_code == 401
        keys.revoke("desk")
        assert client.get("/v1/models").status_code == 401


def test_a_web_page_elsewhere_cannot_pass_for_this_machine(
    concierge: Concierge, tmp_path: Path
) -> None:
    policy = Policy(Keys(tmp_path), local=True)
    with TestClient(create(Warmup.done(concierge), policy=policy), "http://localhost") as client:
        for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:7860", ""):
            assert client.get("/v1/models", headers={"Host": host}).status_code == 421, host
        for host in ("localhost:7860", "127.0.0.1", "[::1]:7860", "shop.localhost"):
            assert client.get("/v1/models", headers={"Host": host}).status_code == 200, host


def test_other_origins_get_nothing_unless_they_are_named(concierge: Concierge) -> None:
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    with TestClient(create(Warmup.done(concierge))) as client:
        refused = client.options("/api/sessions", headers=asked)
        assert "access-control-allow-origin" not in refused.headers
    application = create(Warmup.done(concierge), origins=("https://shop.example",))
    with TestClient(application) as client:
        allowed = client.options("/api/sessions", headers=asked)
        assert allowed.headers["access-control-allow-origin"] == "https://shop.example"
        assert "access-control-allow-credentials" not in allowed.headers
        other = client.options("/api/sessions", headers=asked | {"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


def test_a_rate_lets_a_burst_through_and_then_one_at_a_time() -> None:
    now_s = [100.0]
    rate = Rate(60, lambda: now_s[0])
    assert sum(rate.wait_s("a") == 0 for _ in range(100)) == 30
    assert 0 < rate.wait_s("a") <= 1
    assert rate.wait_s("b") == 0
    now_s[0] += 1
    assert rate.wait_s("a") == 0 and rate.wait_s("a") > 0
    now_s[0] += 3600
    assert sum(rate.wait_s("a") == 0 for _ in range(100)) == 30


def limited(concierge: Concierge, keys: Keys, by_key: int, by_address: int) -> TestClient:
    policy = Policy(keys, guarded=True, rate_key=by_key, rate_address=by_address)
    return TestClient(create(Warmup.done(concierge), policy=policy))


def until_refused(client: TestClient, secret: str) -> tuple[int, httpx.Response]:
    for count in range(50):
        answer = client.get("/v1/models", headers=bearer(secret))
        if answer.status_code == 429:
            return count, answer
    raise AssertionError("never refused")


def test_a_key_that_asks_too_often_is_told_when_to_come_back(
    concierge: Concierge, tmp_path: Path
) -> None:
    keys = Keys(tmp_path)
    (_, one), (_, other) = keys.add("one"), keys.add("other")
    with limited(concierge, keys, 20, 20) as client:
        count, answer = until_refused(client, one)
        assert count == 10
        assert 1 <= int(answer.headers["retry-after"]) <= 3
        assert answer.json()["error"]["code"] == "too-often"
        assert client.get("/v1/models", headers=bearer(other)).status_code == 200


def test_guesses_at_keys_are_counted(concierge: Concierge, tmp_path: Path) -> None:
    with limited(concierge, Keys(tmp_path), 1000, 10) as client:
        count, _ = until_refused(client, "guess")
        assert count == 5


def test_a_request_that_smuggles_headers_in_changes_nothing(client: TestClient) -> None:
    made = client.post("/api/sessions", json={"user": "x\r\nSet-Cookie: a=b", "catalog": "films"})
    assert made.status_code == 201
    assert "set-cookie" not in made.headers
    refused = client.post("/api/sessions", json={"catalog": "films\r\nX-Evil: 1"})
    assert refused.status_code == 422 and "x-evil" not in refused.headers


@pytest.mark.parametrize("name", ["../../etc/passwd", "..%2f..%2fetc", "films/../films", "/etc"])
def test_a_name_never_leaves_its_folder(client: TestClient, name: str) -> None:
    assert client.post("/api/sessions", json={"catalog": name}).status_code == 422
    body = {"model": f"concierge/{name}", "messages": [{"role": "user", "content": "hi"}]}
    assert client.post("/v1/chat/completions", json=body).status_code == 404
    assert client.get(f"/api/users/{name}/export").status_code in (200, 404)
