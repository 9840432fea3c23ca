"""Who wants another item because theirs broke, and who complains about a purchase."""

import pytest

from bot.replacing import is_for_another

WISHES = (
    "my laptop battery died, I need a replacement",
    "my phone broke, looking for a new one",
    "kettle died, need another",
    "my old tablet is dead, what can you recommend?",
    "I dropped my camera and it's broken, show me something new",
    "my headphones stopped working so I want another pair",
    "someone stole my phone, I need a new one",
    "my laptop got stolen, I need another",
    "I lost my earbuds, looking for a replacement",
    "the screen of my old phone cracked, time for a new one",
    "my laptop gave up on me, I need something more reliable",
    "my old camera packed in, suggest a new one",
    "laptop is fried, need a replacement under 800",
    "I broke my tablet, so I'm after a cheap one",
    "my battery is dead again, recommend a phone with a better one",
    "the old one broke, I need a new laptop for school",
    "my wife's phone died yesterday, she needs a new one",
    "phone's busted, want a samsung",
)
COMPLAINTS = (
    "my order arrived broken",
    "it stopped working, I want my money back",
    "the laptop I bought from you died, I want a refund",
    "my parcel arrived damaged, I need a replacement",
    "the headphones you sent me are broken, send me new ones",
    "my phone broke, is it under warranty?",
    "it broke after two days, can I exchange it for a new one?",
    "my new camera is defective, how do I return it?",
    "can you repair my laptop? the screen is broken",
    "the tablet I ordered is dead on arrival, I need another one",
    "it was broken when I opened it",
    "I'd like a replacement",
)


@pytest.mark.parametrize("text", WISHES)
def test_who_lost_a_thing_and_wants_another_looks_for_an_item(text: str) -> None:
    assert is_for_another(text)


@pytest.mark.parametrize("text", COMPLAINTS)
def test_who_complains_about_a_purchase_looks_for_none(text: str) -> None:
    assert not is_for_another(text)
