import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.llm.base import Situation
from bot.llm.errors import UnusableAnswer
from bot.llm.grounding import faults, ground
from bot.reading import Added, Compared, Reading, Removed
from prompts import loader


def test_what_was_said_is_kept_as_the_person_typed_it(situation):
    reading = ground(
        {
            "act": "recommend",
            "add": [
                {"facet": "genre", "op": "=", "text": "funny"},
                {"facet": "genre", "op": "!=", "text": "Romance"},
                {"facet": "author", "op": "=", "text": " Pratchett. "},
            ],
            "relative": [{"facet": "pages", "direction": "less", "text": "shorter"}],
            "similar": ["#2"],
        },
        situation,
    )
    assert reading == Reading(
        act="recommend",
        add=(
            Added(facet="genre", op="=", text="FUNNY"),
            Added(facet="genre", op="!=", text="romance"),
            Added(facet="author", op="=", text="pratchett"),
        ),
        relative=(Compared(facet="pages", direction="less", text="shorter"),),
        similar=("#2",),
    )


def test_what_nobody_said_is_dropped(situation):
    reading = ground(
        {
            "act": "recommend",
            "add": [
                {"facet": "genre", "op": "=", "text": "horror"},
                {"facet": "price", "op": "=", "text": "shorter"},
                {"facet": "theme", "op": "=", "text": "shorter"},
                {"facet": "genre", "op": "is", "text": "shorter"},
                {"facet": "genre"},
            ],
            "remove": [{"facet": "author"}, {"facet": "genre", "value": "comedy"}],
            "relative": [{"facet": "genre", "direction": "less", "text": "shorter"}],
            "likes": ["Dune", "#3", "#all!"],
            "asks": ["price", "title"],
            "wish": ["tense", ""],
            "count": "seven",
        },
        situation,
    )
    assert reading == Reading(act="recommend")


def test_a_value_in_the_catalogues_words_stands_for_the_words_that_named_it(situation):
    answer = {"act": "recommend", "add": [{"facet": "genre", "op": "=", "text": "comedy"}]}
    assert ground(answer, situation).add == (Added(facet="genre", op="=", text="FUNNY"),)


def test_a_title_that_only_the_bot_said_becomes_its_number(situation):
    answer = {"act": "answer", "refers": ["gone girl", "Moonstone", "on"]}
    assert ground(answer, situation).refers == ("#2", "#1", "on")


def test_a_held_wish_is_withdrawn_by_value_or_whole(situation):
    answer = {
        "act": "recommend",
        "remove": [{"facet": "genre", "value": "Crime"}, {"facet": "pages", "value": None}],
    }
    removed = (Removed(facet="genre", value="crime"), Removed(facet="pages"))
    assert ground(answer, situation).remove == removed


def test_an_ordering_of_categories_is_read_as_equality(situation):
    answer = {"act": "recommend", "add": [{"facet": "genre", "op": "<=", "text": "funny"}]}
    assert ground(answer, situation).add[0].op == "="


def test_whole_words_are_preferred_to_parts_of_words(books):
    situation = Situation(schema=books, text="A party about Art")
    assert ground({"act": "recommend", "wish": ["art"]}, situation).wish == ("Art",)


def test_letters_that_grow_in_lower_case_shift_nothing(books):
    situation = Situation(schema=books, text="İİİ a Noir <3 story")
    assert ground({"act": "recommend", "wish": ["noir ‹3"]}, situation).wish == ("Noir <3",)


@pytest.mark.parametrize("answer", [None, {}, {"act": "dance"}, {"act": ["recommend"]}])
def test_an_answer_without_an_act_is_an_error_that_lists_the_acts(answer, situation):
    with pytest.raises(UnusableAnswer, match="recommend, clarify"):
        ground(answer, situation)


def test_faults_are_named_in_words(situation):
    assert faults({"act": "recommend", "count": None, "wish": []}, situation) == ()
    wrong = faults({"act": "sing", "add": "x", "likes": [1], "tone": "warm"}, situation)
    assert len(wrong) == 4
    assert faults({"act": "recommend", "add": [{"facet": "prize"}]}, situation) == (
        "'prize' is not a facet",
    )


def test_the_worked_examples_follow_their_own_rules():
    for shot in loader.examples("reading_examples"):
        answer = shot["answer"]
        Reading.model_validate(answer)
        message = json.loads(shot["message"])
        texts = [e["text"] for key in ("add", "relative") for e in answer.get(key, ())]
        for key in ("likes", "dislikes", "seen", "similar", "refers", "wish", "avoid"):
            texts += answer.get(key, ())
        texts += [answer["count"]] if "count" in answer else []
        assert all(t in message or t.startswith("#") for t in texts)
        facets = [e["facet"] for k in ("add", "remove", "relative") for e in answer.get(k, ())]
        assert all(f"- {f} (" in shot["facets"] for f in facets)


def test_the_worked_reasons_copy_what_they_were_given():
    for shot in loader.examples("reason_examples"):
        assert 14 <= len(shot["reason"].split()) <= 38
        for words in (*shot["wish"].split(", "), *shot["liked"].split(", ")):
            assert words == "none" or json.loads(words) in shot["reason"]
        assert "free" not in shot["reason"]


ANYTHING = st.sampled_from([None, True, 3, "", "a", "#1", "#9", "#all", [], ["a", 2], {"a": "b"}])
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "facet": st.one_of(st.just("genre"), ANYTHING),
        "op": st.one_of(st.just("="), ANYTHING),
        "text": ANYTHING,
        "value": ANYTHING,
        "direction": st.one_of(st.just("less"), ANYTHING),
        "anchor": ANYTHING,
    },
)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(Reading.model_fields)),
        st.one_of(ANYTHING, st.lists(ENTRY, max_size=3)),
    ),
    st.text(max_size=40),
)
def test_any_object_with_an_act_becomes_a_valid_reading_of_words_that_were_said(
    situation, answer, text
):
    situation = replace(situation, text=text, hints=())
    reading = ground(answer | {"act": "recommend"}, situation)
    faults(answer, situation)
    assert Reading.model_validate(reading.model_dump()) == reading
    assert all(w in text for w in reading.wish)
