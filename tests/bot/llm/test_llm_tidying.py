import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.llm.tidying import MAX_CHARACTERS, distinct, tidy


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("A calm film. It is short. It is old.", "A calm film. It is short."),
        ("**A calm film** by *Ann Lee*, `short`.", "A calm film by Ann Lee, short."),
        ("### Reason\n\nA calm film.", "A calm film."),
        ("# A calm film.", "A calm film."),
        ("- A calm film.\n- Another.", "A calm film. Another."),
        ("1. A calm film.", "A calm film."),
        ("> A calm [film](http://x.y/z).", "A calm film."),
        ('"A calm film."', "A calm film."),
        ('"Alien" and "Aliens"', '"Alien" and "Aliens".'),
        ("Reason: a calm film", "a calm film."),
        ("<think>Hm.\n\nWell.</think>\n\nA calm film.", "A calm film."),
        ("<b>A calm film.</b>", "A calm film."),
        ("```\nA calm film.\n```", "A calm film."),
        (
            "At 2.5 hours, Mr. Smith by J. Doe. Then. More.",
            "At 2.5 hours, Mr. Smith by J. Doe. Then.",
        ),
        ("一部安静的电影。很短。很老。", "一部安静的电影。很短。"),
        ("安静的电影", "安静的电影。"),
        ("snake_case_stays and 3 * 4 * 5 too", "snake_case_stays and 3 * 4 * 5 too."),
        ("  \n ", ""),
    ],
)
def test_one_or_two_plain_sentences_are_kept(written, kept):
    assert tidy(written) == kept


def test_an_unfinished_sentence_is_left_out():
    assert tidy("A calm film. It was made in", finished=False) == "A calm film."
    assert tidy("A calm film that was made in", finished=False) == ""


def test_full_stops_in_titles_end_no_sentence():
    text = "If you liked E.T. the Extra, W.E. is next. Good. Old."
    assert tidy(text, names=("E.T. the Extra", "W.E.")) == (
        "If you liked E.T. the Extra, W.E. is next. Good."
    )


@settings(deadline=None)
@given(st.text(max_size=600), st.booleans(), st.lists(st.text(max_size=5), max_size=2))
def test_any_text_becomes_a_short_line(text, finished, names):
    line = tidy(text, finished, names)
    assert len(line) <= MAX_CHARACTERS + 1
    assert "\n" not in line


def test_repeated_reasons_are_given_once_the_first_first():
    assert distinct(["A b.", "", "C.", "a B.", "C."]) == ("A b.", "C.")
