"""The checker: true sentences pass, every kind of false claim is caught."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checking.checker import check
from bot.shelves.shelf import FILMS, films
from retrieval.embedding import HashEncoder
from retrieval.schema import with_values
from retrieval.types import Facet, Item, Schema
from retrieval.values import ValueIndex, count_values

ITEMS = films()
SCHEMA = with_values(FILMS, count_values(FILMS, ITEMS))
BY_ID = {item.id: item for item in ITEMS}
ALIEN = Item(
    "alien",
    "Alien",
    "A freighter's crew of seven answers a call and lets something aboard. A haunted-house story.",
    {**BY_ID["alien"].facts},
)
LAPTOP = Item(
    "x1",
    "Brik Air 13",
    "Thin and quiet, with a bright screen. The camera is grainy.",
    {"kind": "laptop", "brand": "Brik", "price": 1299, "ram_gb": 16, "storage_gb": 512,
     "screen_in": 13.3, "weight_g": 1210, "os": "Linux", "year": 2023},
)  # fmt: skip
SHOP = Schema(
    "shop",
    (
        Facet("kind", "category", values=("laptop", "phone", "camera")),
        Facet("brand", "category", values=("Brik", "Kato", "Nothing")),
        Facet("price", "number", "USD"),
        Facet("ram_gb", "number", "GB"),
        Facet("storage_gb", "number", "GB"),
        Facet("screen_in", "number", "inches"),
        Facet("weight_g", "number", "g"),
        Facet("os", "category", values=("Linux", "Windows", "macOS")),
        Facet("year", "number", "year"),
    ),
)


def wrong(sentence, item=ALIEN, schema=SCHEMA, allowed=()):
    return check(sentence, item, schema, allowed)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ridley Scott directed this tense science fiction film with Sigourney Weaver.",
        "At 117 minutes it stays under two hours.",
        "It runs 1 hour 57 minutes, just under two hours.",
        "A 1979 film, so from the seventies, and no comedy at all.",
        "There is no romance, war or fantasy in it.",
        "Horror in space, from the United Kingdom.",
        "A crew of seven meets something on a freighter.",
        "Weaver stars, Scott directs.",
        "About two hours of horror.",
        "一部1979年的科幻片，片长117分钟，由Ridley Scott执导，没有喜剧成分。",
    ],
)
def test_a_true_sentence_passes(sentence):
    assert wrong(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("It runs 90 minutes.", "number"),
        ("It stays under ninety minutes.", "number"),
        ("It takes more than three hours.", "number"),
        ("A film of 1994.", "number"),
        ("A gem of the eighties.", "number"),
        ("A crew of nine answers a call.", "number"),
        ("A comedy in space.", "value"),
        ("There is no horror in it.", "value"),
        ("A funny film about a crew.", "value"),
        ("A film from South Korea.", "value"),
        ("Starring Tom Hanks, it is great.", "name"),
        ("Kubrick at his best.", "name"),
        ("It has the mood of Blade Runner.", "name"),
        ("It recalls “the quiet earth” at times.", "name"),
        ("Directed by Sigourney Weaver, it is slow.", "role"),
        ("A film by Sigourney Weaver.", "role"),
        ("Ridley Scott stars as the captain.", "role"),
        ("An award-winning crew.", "claim"),
        ("It is based on a true story.", "claim"),
        ("See www.example.com for more.", "form"),
        ("**Alien** is great.", "form"),
        ("一部九十年代的恐怖片。", "number"),
        ("一部喜剧片。", "value"),
        ("由Sigourney Weaver执导。", "role"),
    ],
)
def test_a_false_claim_is_named_by_its_kind(sentence, kind):
    assert kind in {found.kind for found in wrong(sentence)}


def test_an_empty_or_endless_sentence_is_no_reason():
    assert wrong("  ")[0].kind == "form"
    assert wrong("tense " * 200)[0].kind == "form"


def test_the_persons_own_words_may_be_repeated_but_vouch_for_nothing():
    assert wrong("Like Solaris, it takes its time.", allowed=["Solaris"]) == ()
    assert wrong("It keeps to your limit of 120 minutes.", allowed=["120"]) == ()
    assert wrong("It runs 120 minutes.", allowed=["120"])
    assert wrong("A comedy, as you asked.", allowed=["comedy"])


def test_numbers_and_values_inside_a_named_title_are_no_claims():
    assert wrong("You liked 10 Cloverfield Lane.", allowed=["10 Cloverfield Lane"]) == ()
    assert wrong("You liked Love and War.", allowed=["Love and War"]) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "A Brik laptop with 16 GB of memory and 512 GB of storage for $1,299.",
        "At 1.21 kg it is light, and the 13.3-inch screen is bright.",
        "It costs less than 1500 dollars and runs Linux.",
        "The camera is grainy, but there is nothing to hear.",
        "Released in 2023, without Windows.",
    ],
)
def test_true_sentences_about_a_device_pass(sentence):
    assert wrong(sentence, LAPTOP, SHOP) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "It has 512 GB of memory.",
        "It has 16 GB of storage.",
        "It costs $999.",
        "It stays under 1000 dollars.",
        "It weighs 2.1 kg.",
        "It has a 15-inch screen.",
        "It runs Windows.",
        "A fine phone.",
        "A Kato laptop.",
        "It comes with a two-year warranty.",
    ],
)
def test_false_sentences_about_a_device_are_caught(sentence):
    assert wrong(sentence, LAPTOP, SHOP)


def test_people_of_the_catalogue_are_caught_at_the_head_of_a_sentence():
    values = ValueIndex(SCHEMA, ITEMS, HashEncoder())
    sentence = "Ford carries it."
    assert check(sentence, ALIEN, SCHEMA, (), values.mentions(sentence))


others = st.sampled_from(ITEMS)


@settings(max_examples=60, deadline=None)
@given(others)
def test_the_facts_of_any_item_are_true_of_it(item):
    facts = item.facts
    sentences = (
        f"{facts['director'][0]} directed it in {facts['year']}.",
        f"It runs {facts['runtime']} minutes and stars {facts['cast'][0]}.",
        f"A {facts['genres'][0]} film from {facts['country'][0]}.",
        f"{item.title} is about {facts['keywords'][0]}.",
    )
    for sentence in sentences:
        assert check(sentence, item, SCHEMA, ()) == (), sentence


@settings(max_examples=150, deadline=None)
@given(others, others)
def test_the_facts_of_another_item_are_caught(item, other):
    own, alien = item.facts, other.facts
    swaps = []
    if alien["year"] != own["year"]:
        swaps.append(f"A film of {alien['year']}.")
    if alien["runtime"] != own["runtime"]:
        swaps.append(f"It runs {alien['runtime']} minutes.")
    swaps += [f"A {g} film." for g in alien["genres"] if g not in own["genres"]]
    people = (*own["director"], *own["cast"])
    swaps += [f"Directed by {p}." for p in alien["director"] if p not in own["director"]]
    swaps += [f"It stars {p}." for p in alien["cast"] if p not in own["cast"]]
    swaps += [f"One for people who like {p}." for p in alien["cast"] if p not in people]
    swaps += [f"There is no {g} in it." for g in own["genres"]]
    for sentence in swaps:
        assert check(sentence, item, SCHEMA, ()), (item.title, sentence)


@settings(max_examples=100, deadline=None)
@given(others, st.integers(30, 300))
def test_a_limit_is_true_exactly_where_the_number_is(item, limit):
    runtime = item.facts["runtime"]
    assert (check(f"It stays under {limit} minutes.", item, SCHEMA, ()) == ()) == (runtime <= limit)
    assert (check(f"It takes over {limit} minutes.", item, SCHEMA, ()) == ()) == (runtime >= limit)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_a_verdict(text):
    assert isinstance(check(text, ALIEN, SCHEMA, (text[:20],)), tuple)


@pytest.mark.parametrize(
    "sentence",
    [
        "Horror, a the an a crew, and a the.",
        "Crew crew crew of horror.",
        "A crew of horror, horror of a crew, crew of horror crew of horror crew of horror crew.",
        "In space and horror of a are.",
        "Horror,. in space.",
        "A freighter's crew answers a",
    ],
)
def test_what_is_no_sentence_is_no_reason(sentence):
    assert "form" in {found.kind for found in wrong(sentence)}
