"""Whatever the OpenAPI file allows is answered without an error of ours."""

from collections.abc import Iterator

import pytest
import schemathesis
import schemathesis.specs.openapi.schemas  # now: Python 3.11 cannot parse in two threads at once
from hypothesis import HealthCheck, given, settings, strategies

from bot import trial
from bot.concierge import Concierge
from bot.running.warmup import Warmup
from bot.service.app import create

# Hypothesis would take our own slowness and our fixtures for faults of a test.
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Concierge]:
    """Give a bot of fakes."""
    bot = trial.build(tmp_path_factory.mktemp("home"))
    yield bot
    bot.close()


def test_no_request_makes_the_service_fail(bot: Concierge) -> None:
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", create(Warmup.done(bot)))
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 13
    for operation in operations:

        @FEW
        @given(case=operation.as_strategy(), real=strategies.booleans())
        def answered(case: schemathesis.Case, real: bool) -> None:
            if real and "id" in case.path_parameters:
                case.path_parameters["id"] = bot.open().id
            answer = case.call()
            assert answer.status_code < 500, (case.as_curl_command(), answer.text)
            assert "Traceback" not in answer.text and "/site-packages/" not in answer.text
            if answer.status_code >= 400:
                assert "application/problem+json" in str(answer.headers["content-type"])

        answered()
