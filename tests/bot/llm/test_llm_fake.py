import pytest

from bot.llm.base import Hint, Situation
from bot.llm.errors import NothingQueued
from bot.llm.fake import FakeLLM, hinted, silent
from bot.reading import Added, Reading


def test_queued_answers_come_in_order_and_requests_are_kept(situation, brief):
    first, second = Reading(act="undo"), Reading(act="reset")
    llm = FakeLLM(readings=[first, second], reasons=["One.", ("Two.", "Three.", "Four.")])
    assert llm.read([situation, situation]) == (first, second)
    assert llm.write([brief, brief], 2) == (("One.",), ("Two.", "Three."))
    assert (llm.situations, llm.briefs) == ([situation] * 2, [brief] * 2)


def test_an_empty_queue_says_what_was_asked_and_how_to_mend_it(situation, brief):
    llm = FakeLLM(readings=[Reading(act="undo")])
    llm.read([situation])
    with pytest.raises(NothingQueued, match=r"more like the second.*all 1 queued.*readings=\["):
        llm.read([situation])
    with pytest.raises(NothingQueued, match=r"Mr. Norrell.*all 0 queued.*reasons=\["):
        llm.write([brief], 1)


def test_functions_can_answer(situation, brief):
    llm = FakeLLM(lambda s: Reading(act="answer", asks=(s.said,)), lambda b, n: [b.title] * n)
    assert llm.read([situation])[0].asks == ("Here are two.",)
    assert llm.write([brief], 2) == (("Mr. Norrell", "Mr. Norrell"),)


def test_hints_alone_make_a_plain_reading(books, situation):
    assert hinted(situation).add == (
        Added(facet="genre", op="=", text="FUNNY"),
        Added(facet="author", op="=", text="pratchett"),
    )
    free = Situation(schema=books, text=" something calm ")
    assert hinted(free) == Reading(act="recommend", wish=("something calm",))
    titled = Situation(schema=books, text="like Emma", hints=(Hint(5, 9, None, "Emma"),))
    assert hinted(titled) == Reading(act="recommend", similar=("Emma",))


def test_the_silent_fake_gives_no_reason(brief):
    assert FakeLLM(hinted, silent).write([brief, brief], 3) == ((), ())
