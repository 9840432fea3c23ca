"""All that a script expects of one turn, checked in the order in which it is written down."""

from collections.abc import Iterator

from bot.scripted.form import Expect
from bot.scripted.grounding import ungrounded
from bot.scripted.item_checks import item_failures
from bot.scripted.moment import Failure, Moment
from bot.scripted.reply_checks import text_failures
from bot.scripted.understood_checks import meaning_failures


def failures(expected: Expect, moment: Moment) -> tuple[Failure, ...]:
    """Return the expectations that a turn does not meet; () if it meets all."""
    return tuple(_failures(expected, moment))


def _failures(expected: Expect, moment: Moment) -> Iterator[Failure]:
    if expected.act and moment.reply.act not in expected.act:
        yield Failure("act", " or ".join(expected.act), moment.reply.act)
    if expected.items:
        yield from item_failures(expected.items, moment)
    if expected.understood:
        yield from meaning_failures(expected.understood, moment)
    if expected.reply:
        yield from text_failures(expected.reply, moment)
    if expected.grounded:
        yield from ungrounded(moment)
    if expected.latency and moment.latency_ms > expected.latency.max_ms:
        got = f"{moment.latency_ms:.0f} ms"
        yield Failure("latency", f"at most {expected.latency.max_ms:g} ms", got)
