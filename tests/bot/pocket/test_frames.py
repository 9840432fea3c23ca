"""The frames: all of them English prose of the model, and only ever what the brief holds."""

import json
import re

import pytest

from bot.llm.base import ReasonBrief
from bot.pocket.frames import PLACE, FrameWriter, Trie, fitting, frames
from bot.pocket.prompt import Renderer
from bot.pocket.reasons import compose
from bot.pocket.sentences import sentences
from bot.pocket.weights import FOLDER
from bot.voice.briefing import FacetedBrief
from bot.voice.phrase import numbered
from retrieval.types import Facet

FILM = ReasonBrief(
    "Coherence",
    "film",
    met=(("runtime", "89 minutes"), ("genres", "science fiction"), ("genres", "no horror")),
    wish=("tense",),
    liked=("E.T. the Extra-Terrestrial",),
    facts=(("director", "James Ward Byrkit"),),
    text="Eight friends meet Dr. Smith at 1.5 miles. A passing comet splits their evening.",
)
PAIR = ReasonBrief(
    "Sony X",
    "headphones",
    met=(("price", "$99"), ("brand", "Sony")),
    facts=(("weight_g", "200 g"),),
    text="Soft pads for long journeys. There is no case.",
)


@pytest.fixture(scope="module")
def prose() -> list[int]:
    pieces: list[int] = json.loads((FOLDER / "config.json").read_text("utf-8"))["prose_pieces"]
    return pieces


def every(brief: ReasonBrief, renderer: Renderer, prose: list[int]) -> list[str]:
    """Every reason that may be written for a brief."""
    prompt = renderer.encode_brief(brief)
    writer = FrameWriter(renderer, {piece: i for i, piece in enumerate(prose)})
    found: list[str] = []
    paths: list[tuple[list[int], Trie]] = [([], writer.trie(brief, prompt))]
    while paths:
        ids, node = paths.pop()
        if not node and ids:
            found.append(compose(renderer, prompt, brief, ids, prose))
        paths += [([*ids, id_], under) for id_, under in node.items()]
    return found


def test_every_word_of_a_frame_is_prose_of_the_model(renderer: Renderer, prose: list[int]) -> None:
    known = set(prose)
    for frame in frames():
        for plural in (False, True):
            for words in PLACE.split(numbered(frame.removeprefix("*"), plural))[::2]:
                assert set(renderer.pieces(words)) <= known, frame


def test_there_are_many_frames_with_many_openings() -> None:
    assert len(frames()) >= 90
    assert len({" ".join(numbered(f.removeprefix("*"), False).split()[:3]) for f in frames()}) >= 60


def test_every_reason_of_a_film_says_the_wishes_in_order(
    renderer: Renderer, prose: list[int]
) -> None:
    found = every(FILM, renderer, prose)
    assert len(found) > 100
    assert any("a tense 89-minute science fiction film with no horror" in t for t in found)
    assert all("science fiction film" in t and re.search("89[ -]minute", t) for t in found)
    assert all(t[0] in "“" or t[0].isupper() for t in found)
    assert all(t[-1] == "." and "{" not in t and "[" not in t for t in found)
    assert all(title in t for t in found if "E.T." in t for title in FILM.liked)
    assert all("Dr. Smith at 1.5 miles." in t for t in found if "ight friends" in t)


def test_many_things_are_spoken_of_as_many(renderer: Renderer, prose: list[int]) -> None:
    found = every(PAIR, renderer, prose)
    assert found and not any(" a Sony headphones" in t or "this is" in t.lower() for t in found)
    assert any(t == "These Sony headphones cost $99. Soft pads for long journeys." for t in found)
    assert any(t.endswith(": there is no case.") for t in found)


def test_a_person_is_never_told_that_they_asked_for_a_number(
    renderer: Renderer, prose: list[int]
) -> None:
    for text in every(FILM, renderer, prose):
        assert "89" not in text.partition("You asked for ")[2].partition(". This")[0]


def test_without_a_wish_the_facts_speak_and_without_a_text_nothing() -> None:
    bare = ReasonBrief("Big", "film", facts=(("director", "Penny Marshall"),), text="A boy grows.")
    assert all("{fact}" in f or "{too}" in f for f in fitting(bare)) and fitting(bare)
    assert fitting(ReasonBrief("Big", "film")) == ()


def test_a_liked_title_alone_is_enough() -> None:
    brief = ReasonBrief("Big", "film", liked=("Tootsie",), text="A boy grows up fast.")
    assert fitting(brief) and all("{liked}" in frame for frame in fitting(brief))


def test_a_brief_in_another_language_fits_no_english_frame(
    renderer: Renderer, prose: list[int]
) -> None:
    brief = ReasonBrief("Big", "film", wish=("tense",), text="A boy grows up.", language="zh")
    assert every(brief, renderer, prose) == []


def test_the_catalogues_own_wording_is_used(renderer: Renderer, prose: list[int]) -> None:
    facets = (Facet("audience", "category", say="for {value}"),)
    brief = FacetedBrief("Chess", "game", met=(("audience", "families"),), facets=facets)
    assert "This one is for families." in every(brief, renderer, prose)


def test_words_outside_the_prose_are_put_together_from_pieces(renderer: Renderer) -> None:
    tokens = ["ra", "##m", "has", "of", "one", "this", "."]
    pieces = [renderer._tokenizer.convert_tokens_to_ids(t) for t in tokens]
    brief = ReasonBrief("X", "laptop", met=(("ram_gb", "16 GB"),), text="It is light and quick.")
    found = every(brief, renderer, pieces)
    assert "This one has 16 GB of RAM. It is light and quick." in found


def test_sentences_end_where_they_end() -> None:
    text = "Mr. Fox lives at 1.5 miles from J. B. Wells. “Run!” he said to them… and"
    assert [text[s.start : s.end] for s in sentences(text)] == [
        "Mr. Fox lives at 1.5 miles from J. B. Wells."
    ]


@pytest.mark.parametrize(
    "said",
    [
        "Buy the Amber towel set at Rs.290 in India only at our shop.",
        "Best price: Rs. 399 only.",
        "Genuine products, free shipping and cash on delivery for all.",
    ],
)
def test_what_a_shop_says_to_sell_is_no_reason(said: str) -> None:
    text = f"{said} The cotton dries in an hour."
    (kept,) = sentences(text)
    assert text[kept.start : kept.end] == "The cotton dries in an hour."
