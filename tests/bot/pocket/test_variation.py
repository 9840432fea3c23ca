import random

from bot.pocket.generator.lexicon import FOLDER, load_domains
from bot.pocket.generator.spans import typed
from bot.pocket.variation import Row, Variation, exchange_number, spans

ROWS: list[Row] = [
    {
        "id": "a",
        "schema": "movies",
        "text": "a funny film with tom hanks from the 90s, not Big",
        "gold": {
            "act": "recommend",
            "add": [
                ["genres", "=", "funny"],
                ["cast", "=", "tom hanks"],
                ["year", "<>", "90s", [1990, 1999]],
            ],
            "dislikes": ["Big"],
        },
    },
    {
        "id": "b",
        "schema": "movies",
        "text": "想看科幻片",
        "gold": {"act": "recommend", "add": [["genres", "=", "科幻"]]},
    },
    {
        "id": "c",
        "schema": "movies",
        "text": "来部喜剧",
        "gold": {"act": "recommend", "add": [["genres", "=", "喜剧"]]},
    },
]


def _variation() -> Variation:
    return Variation(ROWS, load_domains(FOLDER / "main_domains.jsonl"))


def test_every_span_of_a_varied_line_is_in_its_text() -> None:
    variation, rng = _variation(), random.Random(3)
    for _ in range(300):
        for row in ROWS:
            varied = variation.of(row, rng)
            words = [w for w, _ in spans(varied) if not w.startswith("#")]
            assert words and all(w in varied["text"] for w in words)


def test_a_line_comes_out_in_many_fillings() -> None:
    variation, rng = _variation(), random.Random(4)
    assert len({variation.of(ROWS[0], rng)["text"] for _ in range(100)}) > 40


def test_a_chinese_line_is_filled_with_chinese_words() -> None:
    variation, rng = _variation(), random.Random(5)
    texts = {variation.of(ROWS[1], rng)["text"] for _ in range(60)}
    assert texts == {"想看科幻片", "想看喜剧片"}


def test_operators_and_context_stay_as_annotated() -> None:
    row = ROWS[0] | {"state": [["genres", "=", "drama"]]}  # type: ignore[operator]
    varied = _variation().of(row, random.Random(6))
    assert varied["state"] == [["genres", "=", "drama"]]
    assert [c[:2] for c in varied["gold"]["add"]] == [c[:2] for c in row["gold"]["add"]]


def test_numbers_keep_their_form() -> None:
    rng = random.Random(7)
    decades = {exchange_number("80s", rng) for _ in range(50)}
    assert decades <= {f"{n}0s" for n in range(2, 10)} and len(decades) > 4
    assert all(1930 <= int(exchange_number("1994", rng)) <= 2025 for _ in range(50))
    assert exchange_number("two hours", rng) == "two hours"


def test_hurried_typing_leaves_the_annotation_right() -> None:
    rng = random.Random(8)
    for _ in range(200):
        text, gold = typed(ROWS[0]["text"], ROWS[0]["gold"], rng)
        assert all(w in text for w, _ in spans({"text": text, "gold": gold}))
