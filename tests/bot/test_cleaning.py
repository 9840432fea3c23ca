"""Text from outside: what is stripped, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checking.cleaning import MAX_MESSAGE, MAX_TEXT, clean_message, clean_text, clean_title
from bot.errors import BadText


def test_control_characters_and_hidden_ones_are_stripped_from_a_message():
    assert clean_message("a\x00 come\u200bdy\x1b[31m\u202e") == "a comedy[31m"
    assert clean_message("one\ntwo\tthree\r\n") == "one two three"


def test_a_joined_emoji_stays_whole():
    assert clean_message("films for 👩\u200d👧") == "films for 👩\u200d👧"


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x01", "\u200b\ufeff", "\ud800"])
def test_a_message_without_a_visible_character_is_refused(text):
    with pytest.raises(BadText, match="got none"):
        clean_message(text)


def test_a_message_of_eight_thousand_characters_is_taken_and_a_longer_one_refused():
    assert len(clean_message("x" * MAX_MESSAGE)) == MAX_MESSAGE
    with pytest.raises(BadText, match="20,000"):
        clean_message("x" * 20_000)


def test_markup_links_and_hidden_characters_leave_an_items_text():
    text = "<b>Fine</b> <script>alert(1)</script>**bold** [here](http://x.y) "
    text += "\u202eevil\U000e0041 &amp; `x`"
    assert clean_text(text) == "Fine bold here evil & x"


def test_an_escaped_tag_is_no_way_round():
    assert "<" not in clean_text("&lt;img src=x onerror=alert(1)&gt;hello")


def test_a_long_text_is_cut_at_a_word():
    cut = clean_text("word " * 500)
    assert len(cut) <= MAX_TEXT and cut.endswith("word…")


@given(st.text(max_size=700))
def test_any_title_is_one_short_visible_line(text):
    title = clean_title(text)
    assert len(title) <= 200 and title == title.strip()
    assert all(c.isprintable() or c == " " for c in title.replace("\u3000", " ")) or title
    assert "\n" not in title and "\x00" not in title
