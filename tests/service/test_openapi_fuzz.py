"""Whatever the OpenAPI file allows, and much that it does not, is answered without an error of
ours."""

from pathlib import Path

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings

from bot import trial
from bot.service.app import create
from bot.warmup import Warmup


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    home: Path = tmp_path_factory.mktemp("home")
    return create(Warmup.done(trial.build(home)))


@pytest.fixture(scope="module")
def described(application: FastAPI) -> object:
    return schemathesis.openapi.from_asgi("/api/openapi.json", application)


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_makes_the_service_fail(case: schemathesis.Case) -> None:
    answer = case.call()
    assert answer.status_code < 500, (case.as_curl_command(), answer.text)
    assert "Traceback" not in answer.text and "/site-packages/" not in answer.text
    if answer.status_code >= 400:
        kind = answer.headers["content-type"]
        assert kind in (["application/problem+json"], "application/problem+json"), kind
