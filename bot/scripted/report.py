"""A run in words: a line a script; of each failing step what was understood and why items ranked.

Only text is made here; who writes it where is the caller's.
"""

from collections.abc import Iterator, Sequence

from bot.scripted.moment import Moment
from bot.scripted.runner import Outcome, Taken
from bot.scripted.understood_checks import constraint_words, constraints_of
from bot.types import Recommendation

_INDENT = "    "


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """Yield the report of one script."""
    script = outcome.written.script
    mark = "ok  " if outcome.passed else "FAIL" if script.known is None else "known"
    turns = sum(step.moment is not None for step in outcome.taken)
    took = f"{turns} turn{'' if turns == 1 else 's'}, {outcome.seconds:.1f} s"
    yield f"{mark} {outcome.written.file}: {script.name} ({took})"
    if script.known is None:
        yield from detail_lines(outcome)
    elif outcome.passed:
        yield f"{_INDENT}passes by now: take out `known: {script.known}`"
    else:
        yield f"{_INDENT}{script.known} ({first_failure(outcome)})"


def detail_lines(outcome: Outcome) -> Iterator[str]:
    """Yield what failed in a script; nothing where all passed."""
    for step in outcome.failed:
        yield from _step(outcome, step)
    if outcome.error:
        yield f"  ended after step {len(outcome.taken)}: {outcome.error}"


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return the last line of a run."""
    passed = sum(outcome.passed for outcome in outcomes)
    turns = sum(step.moment is not None for o in outcomes for step in o.taken)
    known = sum(outcome.expected and not outcome.passed for outcome in outcomes)
    said = f"{passed} of {len(outcomes)} scripts passed, {turns} turns"
    if known:
        said += f"; {known} more {'is' if known == 1 else 'are'} known to fail"
    unchecked = sum(not outcome.checked for outcome in outcomes)
    if unchecked:
        said += (
            f"; claims not checked in {unchecked}: the catalogue is not at hand, "
            "name its file with --facts"
        )
    return said


def first_failure(outcome: Outcome) -> str:
    """Return the first thing that went wrong, in one line."""
    for step in outcome.failed:
        return f"step {step.number}, {step.failures[0]}"
    return outcome.error


def _step(outcome: Outcome, step: Taken) -> Iterator[str]:
    place = f"{outcome.written.file}:{step.line}"
    what = f"you said: {step.moment.text}" if step.moment else "feedback"
    yield f"  step {step.number} ({place}), {what}"
    for failure in step.failures:
        yield f"{_INDENT}✗ {_one_line(str(failure))}"
    if step.moment:
        yield from moment_lines(step.moment)


def moment_lines(moment: Moment) -> Iterator[str]:
    """Yield what a turn was understood to mean, what was answered, and why each item ranked."""
    yield f"{_INDENT}understood: {understood_words(moment)}"
    held = "; ".join(map(constraint_words, constraints_of(moment)))
    yield f"{_INDENT}held: {held or 'no constraints'}"
    yield f"{_INDENT}reply ({moment.reply.act}): {_one_line(moment.reply.reply)}"
    for n, item in enumerate(moment.reply.items):
        yield f"{_INDENT}items[{n}] {item.title}: {why_words(item)}"


def understood_words(moment: Moment) -> str:
    """Return what one message was understood to mean."""
    understood = moment.reply.understood
    removed = (f"{r.facet} {r.value}" if r.value else r.facet for r in understood.remove)
    parts = (
        ("", (understood.act,)),
        ("constraints", tuple(map(constraint_words, understood.add))),
        ("removed", tuple(removed)),
        ("compared", tuple(f"{r.facet} {r.direction}" for r in understood.relative)),
        ("likes", moment.titles(understood.likes)),
        ("dislikes", moment.titles(understood.dislikes)),
        ("seen", moment.titles(understood.seen)),
        ("similar to", moment.titles(understood.similar)),
        ("about", moment.titles(understood.refers)),
        ("asks", understood.asks),
        ("wish", understood.wish),
        ("avoid", understood.avoid),
        ("not known here", understood.unlinked),
        ("count", (str(understood.count),) if understood.count else ()),
    )
    said = (f"{name}: {', '.join(words)}" if name else words[0] for name, words in parts if words)
    return "; ".join(said)


def why_words(item: Recommendation) -> str:
    """Return why an item ranked where it did: the terms of its score, the wishes met and not."""
    why = item.why
    terms = f"query {why.query:.3f} + interest {why.interest:.3f} + prior {why.prior:.3f}"
    said = f"score {item.score:.3f} = {terms} − penalty {why.penalty:.3f}"
    if why.matched:
        said += f"; meets {', '.join(why.matched)}"
    return said + (f"; misses {', '.join(why.unmet)}" if why.unmet else "")


def _one_line(text: str) -> str:
    return " ⏎ ".join(line for line in text.splitlines() if line.strip())
