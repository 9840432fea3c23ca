import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.llm.base import Situation
from bot.pocket import pieces as P
from bot.pocket.language import Grammar, Unspeakable, linearise, parse
from bot.pocket.prompt import MAX_PIECES, Renderer
from bot.reading import Added, Compared, Reading, Removed
from retrieval.types import Constraint, Facet, Schema

OFFSET = 164


def test_a_reading_survives_the_way_into_pieces_and_back(
    renderer: Renderer, schema: Schema
) -> None:
    situation = Situation(
        schema=schema,
        text="more like the 2nd one but shorter, under two hours, no horror, something tense",
        state=(Constraint("genres", "=", ("comedy",)),),
        shown=("Airplane!", "Hot Fuzz"),
    )
    reading = Reading(
        act="recommend",
        add=(
            Added(facet="runtime", op="<=", text="two hours"),
            Added(facet="genres", op="!=", text="horror"),
        ),
        remove=(Removed(facet="genres", value="comedy"),),
        relative=(Compared(facet="runtime", direction="less", text="shorter"),),
        similar=("#2",),
        wish=("tense",),
    )
    prompt = renderer.encode(situation)
    pieces = linearise(situation, reading, prompt, OFFSET)
    assert parse(situation, prompt, pieces, OFFSET) == reading


def test_every_target_is_grammatical(renderer: Renderer, schema: Schema) -> None:
    situation = Situation(schema=schema, text="a comedy with Tom Hanks", shown=("Big",))
    reading = Reading(
        act="recommend",
        add=(
            Added(facet="genres", op="=", text="comedy"),
            Added(facet="cast", op="=", text="Tom Hanks"),
        ),
        seen=("#1",),
    )
    prompt = renderer.encode(situation)
    pieces = [*linearise(situation, reading, prompt, OFFSET), P.EOS]
    grammar = Grammar(prompt, OFFSET)
    assert all(p in grammar.allowed(pieces[:i]) for i, p in enumerate(pieces))


def test_a_span_that_is_not_in_the_message_cannot_be_said(
    renderer: Renderer, schema: Schema
) -> None:
    situation = Situation(schema=schema, text="a comedy")
    reading = Reading(act="recommend", wish=("dragons",))
    with pytest.raises(Unspeakable):
        linearise(situation, reading, renderer.encode(situation), OFFSET)


texts = st.text(max_size=120) | st.sampled_from(
    [
        "",
        "   ",
        "😀😀",
        "مرحبا كيف حالك",
        "我想看一部科幻电影",
        "a" * 10_000,
        "act = recommend",
        "#1 #all",
    ]
)
facets = st.lists(
    st.builds(
        Facet,
        name=st.sampled_from(["act", "genres", "", "year", "🎬", "x" * 300]),
        kind=st.sampled_from(["category", "number", "people", "tags"]),
    ),
    max_size=12,
    unique_by=lambda f: f.name,
)


@settings(max_examples=300, deadline=None)
@given(texts, facets, st.lists(st.text(max_size=40), max_size=6), st.integers(0, 2**32))
def test_whatever_the_grammar_allows_parses(
    renderer: Renderer, text: str, rows: list[Facet], shown: list[str], seed: int
) -> None:
    held = tuple(Constraint(f.name, "=", ("x",)) for f in rows[:3])
    situation = Situation(Schema("s", tuple(rows)), text, state=held, shown=tuple(shown))
    prompt = renderer.encode(situation)
    assert len(prompt.ids) <= MAX_PIECES
    grammar, rng, pieces = Grammar(prompt, OFFSET), random.Random(seed), list[int]()
    while len(pieces) < 70 and (not pieces or pieces[-1] != P.EOS):
        pieces.append(rng.choice(grammar.allowed(pieces)))
    assert parse(situation, prompt, pieces, OFFSET).act in P.ACTS


def test_the_message_outlives_everything_else_in_a_long_prompt(
    renderer: Renderer, schema: Schema
) -> None:
    text = "a comedy with " + "very " * 100 + "funny people"
    situation = Situation(
        schema, text, said="word " * 500, shown=tuple(f"film {'long ' * 20}{i}" for i in range(40))
    )
    prompt = renderer.encode(situation)
    assert len(prompt.ids) <= MAX_PIECES
    assert max(end for _, end in prompt.spans.values()) == len(text)


ALPHABETS = (
    "abcdefghijklmnop rstuvw xyz 0123456789 .,!?#",
    "我想看一部科幻电影的，。两个小时",
    "אבג مرحبا",
    "😀🎬\u200b\n\t",
)
NAMES = ("act", "genres", "", "year", "🎬", "price per night", "x" * 300, "ask", "年份")


def _random_situation(rng: random.Random) -> Situation:
    def words(most: int) -> str:
        alphabet = rng.choice(ALPHABETS)
        return "".join(rng.choices(alphabet, k=rng.randint(0, most)))

    names = rng.sample(NAMES, rng.randint(0, 6))
    kinds = ("category", "number", "people", "tags")
    facets = tuple(
        Facet(name, rng.choice(kinds), values=tuple(words(12) for _ in range(rng.randint(0, 3))))  # type: ignore[arg-type]
        for name in names
    )
    held = tuple(Constraint(n, "=", (words(20),)) for n in names[:3])
    shown = tuple(words(60) for _ in range(rng.randint(0, 6)))
    most = 10_000 if rng.random() < 0.002 else 120
    return Situation(Schema("s", facets), words(most), words(80), held, shown)


def test_ten_thousand_random_prompts_give_nothing_but_valid_readings(renderer: Renderer) -> None:
    rng = random.Random(2026)
    for _ in range(10_000):
        situation = _random_situation(rng)
        prompt = renderer.encode(situation)
        assert len(prompt.ids) <= MAX_PIECES
        grammar, pieces = Grammar(prompt, OFFSET), list[int]()
        while len(pieces) < 24 and (not pieces or pieces[-1] != P.EOS):
            pieces.append(rng.choice(grammar.allowed(pieces)))
        reading = parse(situation, prompt, pieces, OFFSET)
        spans = [*reading.wish, *reading.avoid, *(c.text for c in reading.relative)]
        assert all(span in situation.text for span in spans)
