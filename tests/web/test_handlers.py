"""What the page's handlers do: each event of a person, over a bot of fakes."""

import pytest

from bot.concierge import Concierge
from bot.running.stamps import Stamp
from bot.web.change import Change
from bot.web.handlers import Chat
from bot.web.past import DRAWN_TURNS, Past

NEW = {"session": ""}


def asked(chat: Chat, text: str, held: dict[str, str] = NEW) -> tuple[dict[str, str], Change]:
    """Send a message; return what the browser keeps then and the last change."""
    changes = list(chat.send(text, held, "films"))
    *_, kept = (c.held for c in changes if c.held)
    return kept, changes[-1]


def resumed(chat: Chat, held: object) -> Change:
    """Open the page of what a browser kept; return the last change."""
    return list(chat.resume(held))[-1]


def test_the_first_message_opens_a_talk_and_shows_cards(chat: Chat) -> None:
    changes = list(chat.send("a comedy, no romance", NEW, "films"))
    first, last = changes[0], changes[-1]
    assert first.held and first.held["session"]
    assert first.box == "" and first.last and "a comedy, no romance" in first.last
    assert last.last and last.last.count('class="card"') == 3
    assert 'data-do="drop"' in last.last and last.notice


def test_words_appear_before_the_cards_do(chat: Chat) -> None:
    changes = list(chat.send("a thriller", NEW, "films"))
    assert any(c.last and 'aria-busy="true"' in c.last for c in changes[1:-1])


def test_an_empty_message_changes_nothing(chat: Chat) -> None:
    assert list(chat.send("  \n", NEW, "films")) == []


def test_a_message_that_is_too_long_is_told_and_given_back(chat: Chat) -> None:
    held, change = asked(chat, "a comedy")
    text = "x" * 9_000
    _, refused = asked(chat, text, held)
    assert refused.last and 'role="alert"' in refused.last
    assert refused.box == text
    assert resumed(chat, held).last == change.last


def test_a_talk_is_resumed_from_what_the_browser_kept(chat: Chat) -> None:
    held, change = asked(chat, "horror")
    again = resumed(chat, held)
    assert again.last == change.last and again.picker == "films"


@pytest.mark.parametrize(
    "held", [{"session": "gone"}, {"session": 7}, None, [], {"session": "x" * 999}]
)
def test_a_talk_that_is_not_kept_begins_afresh(chat: Chat, held: dict[str, str]) -> None:
    fresh = resumed(chat, held)
    assert fresh.held == NEW and fresh.last and "opening" in fresh.last


def test_two_browsers_never_share_a_talk(chat: Chat) -> None:
    one, _ = asked(chat, "a comedy")
    other, change = asked(chat, "horror")
    assert one != other
    assert change.last and "a comedy" not in change.last
    assert change.past == Past()


def test_like_is_shown_on_the_card_and_in_the_panel(chat: Chat) -> None:
    held, _ = asked(chat, "a comedy")
    press = {"do": "like", "item": "airplane"}
    change = list(chat.press(press, held, "films"))[-1]
    assert change.side and "Liked" in change.side and "Airplane!" in change.side
    assert change.last and 'aria-pressed="true"' in change.last
    assert change.notice == "Liked: Airplane!"


def test_feedback_on_an_unknown_item_is_told(chat: Chat) -> None:
    held, _ = asked(chat, "a comedy")
    change = list(chat.press({"do": "seen", "item": "nothing"}, held, "films"))[-1]
    assert change.notice and change.last is None


def test_removing_a_chip_takes_the_wish_back(chat: Chat, concierge: Concierge) -> None:
    held, _ = asked(chat, "a comedy, no romance")
    press = {
        "do": "drop",
        "kind": "constraint",
        "facet": "genres",
        "value": "romance",
        "title": "no romance",
    }
    change = list(chat.press(press, held, "films"))[-1]
    wishes = concierge.conversation(held["session"]).wishes
    assert [(c.op, c.value) for c in wishes.constraints] == [("=", ("comedy",))]
    assert change.last and "Remove: no romance" in change.last and 'class="card"' in change.last
    assert change.side and "no romance" not in change.side


def test_undo_brings_back_a_wish_that_was_removed(chat: Chat, concierge: Concierge) -> None:
    held, _ = asked(chat, "a comedy, no romance")
    press = {"do": "drop", "kind": "constraint", "facet": "genres", "value": "comedy"}
    list(chat.press(press, held, "films"))
    chat.undo(held)
    assert len(concierge.conversation(held["session"]).wishes.constraints) == 2


def test_more_like_this_looks_for_what_is_alike(chat: Chat, concierge: Concierge) -> None:
    held, _ = asked(chat, "horror")
    change = list(chat.press({"do": "more", "item": "parasite"}, held, "films"))[-1]
    assert change.last and "More like Parasite" in change.last and 'class="card"' in change.last
    assert concierge.conversation(held["session"]).wishes.similar == ("parasite",)


def test_picked_items_are_compared_side_by_side(chat: Chat) -> None:
    held, _ = asked(chat, "a comedy")
    press = {"do": "compare", "items": '["heat", "airplane"]'}
    change = list(chat.press(press, held, "films"))[-1]
    assert change.last and "Compare Heat and Airplane!" in change.last
    assert '<th scope="col" dir="auto">Heat</th>' in change.last
    assert '<tr class="differs"><th scope="row">runtime</th>' in change.last
    assert "2 h 50 min" in change.last and "1 h 28 min" in change.last


@pytest.mark.parametrize(
    "items", ["", "heat", "7", '["heat"]', '["heat", "nothing"]', '["heat", "heat"]', "[[1], {}]"]
)
def test_what_cannot_be_compared_is_not(chat: Chat, items: str) -> None:
    held, _ = asked(chat, "a comedy")
    assert list(chat.press({"do": "compare", "items": items}, held, "films")) == []


def test_a_talk_is_exported_as_markdown(chat: Chat) -> None:
    held, _ = asked(chat, "a comedy")
    list(chat.press({"do": "like", "item": "airplane"}, held, "films"))
    change, file = chat.export(held)
    assert change.notice == "Exported" and file and file["name"].endswith(".md")
    assert "## 1\n\n> a comedy\n" in file["text"] and "1. Airplane\\! (1980)" in file["text"]
    assert file["text"].endswith("## Liked\n\n* Airplane\\!\n")


def test_an_empty_talk_is_not_exported(chat: Chat) -> None:
    change, file = chat.export(NEW)
    assert file is None and change.notice == "There is nothing to export yet"


def test_a_page_whose_server_came_back_shows_its_talk_and_keeps_typed_words(chat: Chat) -> None:
    held, before = asked(chat, "horror")
    change = list(chat.press({"do": "resume"}, held, "films"))[-1]
    assert change.last == before.last and change.box is None


def kept_while_answering(chat: Chat, press: dict[str, str], held: dict[str, str]) -> dict[str, str]:
    """Press and go away at once; return what the browser keeps then."""
    first = next(chat.press(press, held, "films"))
    assert first.held and first.held["key"]
    return first.held


def test_a_message_that_was_lost_with_the_service_is_answered_after_a_reload(chat: Chat) -> None:
    held, _ = asked(chat, "a comedy")
    gone = kept_while_answering(chat, {"do": "say", "text": "horror"}, held)
    first, asking, *_, last = chat.resume(gone)
    assert first.held is None and asking.held == gone and asking.box is None
    assert last.last and "horror" in last.last and 'class="card"' in last.last
    assert last.held == held


def test_a_pressed_button_is_carried_out_after_a_reload(chat: Chat) -> None:
    held, _ = asked(chat, "horror")
    gone = kept_while_answering(chat, {"do": "more", "item": "parasite"}, held)
    last = resumed(chat, gone)
    assert last.last and "More like Parasite" in last.last and last.held == held


def test_a_message_is_answered_once_however_often_the_page_is_reloaded(
    chat: Chat, concierge: Concierge
) -> None:
    gone = kept_while_answering(chat, {"do": "say", "text": "a comedy"}, NEW)
    for _ in range(3):
        assert resumed(chat, gone).last
    assert concierge.conversation(gone["session"]).turn == 1


def test_a_message_that_fails_after_a_reload_is_given_back(chat: Chat) -> None:
    gone = kept_while_answering(chat, {"do": "say", "text": "x" * 9_000}, NEW)
    last = resumed(chat, gone)
    assert last.box == "x" * 9_000 and last.held == {"session": gone["session"]}
    assert not resumed(chat, last.held).box


@pytest.mark.parametrize("press", [{}, {"do": "drop"}, {"do": "format"}, {"do": 7, "text": []}])
def test_a_forged_press_in_the_storage_does_nothing(chat: Chat, press: dict[str, object]) -> None:
    held, change = asked(chat, "a comedy")
    assert resumed(chat, {**press, **held, "key": "forged"}).last == change.last


def test_an_example_opening_is_sent_as_it_stands(chat: Chat) -> None:
    press = {"do": "say", "text": "A comedy from the nineties"}
    changes = list(chat.press(press, NEW, "films"))
    assert changes[-1].last and "A comedy from the nineties" in changes[-1].last


@pytest.mark.parametrize(
    "press",
    [
        {},
        {"do": "format the disk"},
        {"do": "drop"},
        {"do": "bought", "item": "heat"},
        {"do": "pick", "catalog": "x"},
    ],
)
def test_a_forged_press_does_nothing(chat: Chat, press: dict[str, str]) -> None:
    assert list(chat.press(press, NEW, "films")) == []


def test_undo_shows_the_talk_before_the_turn(chat: Chat) -> None:
    held, before = asked(chat, "a comedy")
    asked(chat, "horror", held)
    change = chat.undo(held)
    assert change.last == before.last and change.past == Past() and change.notice == "Undone"


def test_undo_without_a_talk_says_so(chat: Chat) -> None:
    assert chat.undo(NEW).notice == "There is nothing to undo"


def test_undo_in_words_shows_the_talk_before_the_turn_too(chat: Chat) -> None:
    held, before = asked(chat, "a comedy")
    asked(chat, "horror", held)
    _, change = asked(chat, "undo", held)
    assert change.last == before.last


def test_starting_over_leaves_an_empty_page(chat: Chat) -> None:
    change = list(chat.restart("films"))[-1]
    assert change.held == NEW and change.past == Past() and change.box is None
    assert change.last and change.last.count('class="opening"') == 2


def test_a_picked_catalogue_begins_a_talk_of_its_own(chat: Chat) -> None:
    held, _ = asked(chat, "a comedy")
    change = list(chat.press({"do": "pick", "catalog": "films"}, held, "films"))[-1]
    assert change.held == NEW and change.picker == "films"


def test_something_unexpected_is_told_without_its_cause(
    chat: Chat, concierge: Concierge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(session: str, text: str, stamp: Stamp) -> None:
        raise RuntimeError("secret /root")

    monkeypatch.setattr(concierge, "stream", fail)
    _, change = asked(chat, "a comedy")
    assert change.last and "Something went wrong" in change.last and "secret" not in change.last
    assert change.box == "a comedy"


def test_a_turn_of_a_long_talk_sends_one_past_turn(chat: Chat) -> None:
    held, _ = asked(chat, "hello")
    for _ in range(3):
        asked(chat, "a comedy", held)
    first, *_, last = chat.send("horror", held, "films")
    assert first.past and (first.past.begin, first.past.end, first.past.first) == (0, 4, 3)
    assert len(first.past.turns) == 1 and 'class="card"' in first.past.turns[0]
    assert last.past == first.past


def test_the_oldest_turns_of_a_long_talk_are_shown_when_asked_for(chat: Chat) -> None:
    held, _ = asked(chat, "hello")
    for _ in range(DRAWN_TURNS + 2):
        _, change = asked(chat, "hello", held)
    whole = resumed(chat, held).past
    assert whole and (whole.begin, whole.end, len(whole.turns)) == (2, DRAWN_TURNS + 2, DRAWN_TURNS)
    assert "Show earlier turns (2)" in whole.note and change.past and change.past.begin == 2
    (more,) = chat.press({"do": "earlier", "before": "2"}, held, "films")
    assert more.past and (more.past.begin, more.past.end, len(more.past.turns)) == (
        0,
        DRAWN_TURNS + 2,
        2,
    )
    assert more.past.note == "" and more.last is None


@pytest.mark.parametrize("before", ["", "-1", "x", "1.5"])
def test_a_forged_place_in_the_past_shows_nothing(chat: Chat, before: str) -> None:
    held, _ = asked(chat, "hello")
    assert list(chat.press({"do": "earlier", "before": before}, held, "films")) == []


def test_a_like_leaves_the_past_as_it_is_and_marks_its_cards(chat: Chat) -> None:
    held, _ = asked(chat, "a comedy")
    asked(chat, "horror", held)
    (change,) = chat.press({"do": "like", "item": "airplane"}, held, "films")
    assert change.past and (change.past.begin, change.past.end, change.past.turns) == (None, 1, ())
    assert change.past.marks.like == {"airplane"}
