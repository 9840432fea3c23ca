import torch

from bot.llm.base import Hint, Situation
from bot.pocket.decoding import marked, pad
from bot.pocket.model import PocketModel
from bot.pocket.prompt import BEGIN, MARKS, NUMBER, TIES, Prompt, Renderer
from retrieval.types import Facet, Schema


def columns(prompt: Prompt, words: str, text: str) -> set[int]:
    """Return the marks of the pieces of some words."""
    start = text.index(words)
    inside = {p for p, (a, b) in prompt.spans.items() if a < start + len(words) and b > start}
    return {mark for position, mark in prompt.marks if position in inside}


def test_a_known_value_shares_a_mark_with_its_facet(renderer: Renderer, schema: Schema) -> None:
    text = "a funny film with Tom Hanks"
    hints = (Hint(2, 7, "genres", "comedy"), Hint(18, 27, "cast", "Tom Hanks"))
    prompt = renderer.encode(Situation(schema, text, hints=hints))
    own = {mark for position, mark in prompt.marks if position == prompt.facets[0]}
    assert columns(prompt, "funny", text) == own | {BEGIN}
    assert columns(prompt, "Hanks", text) == {3}
    assert columns(prompt, "film", text) == set()


def test_a_title_shares_a_mark_with_the_titles(renderer: Renderer, schema: Schema) -> None:
    text = "like Heat"
    prompt = renderer.encode(Situation(schema, text, hints=(Hint(5, 9, None, "Heat"),)))
    assert columns(prompt, "Heat", text) == {TIES - 1, BEGIN}
    assert sum(mark == TIES - 1 for _, mark in prompt.marks) == 2


def test_a_number_is_tied_to_the_facets_that_could_hold_it(
    renderer: Renderer, schema: Schema
) -> None:
    text = "under 105 minutes, after 1994"
    prompt = renderer.encode(Situation(schema, text))
    assert columns(prompt, "105", text) == {2, NUMBER}
    assert 1 in columns(prompt, "1994", text)


def test_facets_beyond_the_last_mark_have_none(renderer: Renderer) -> None:
    many = Schema("many", tuple(Facet(f"f{n}", "category", values=("x",)) for n in range(20)))
    prompt = renderer.encode(Situation(many, "x", hints=(Hint(0, 1, "f19", "x"),)))
    assert {mark for _, mark in prompt.marks} == set(range(TIES - 1))


def test_marks_change_what_is_read(tiny: PocketModel, renderer: Renderer, schema: Schema) -> None:
    bare = renderer.encode(Situation(schema, "funny"))
    known = renderer.encode(Situation(schema, "funny", hints=(Hint(0, 5, "genres", "comedy"),)))
    ids, mask, marks = pad([known])
    assert marks.shape == (1, ids.size(1), MARKS) and marks.sum() == len(known.marks)
    with torch.inference_mode():
        with_marks = tiny.encode(ids, mask, marks)[0]
        without = tiny.encode(ids, mask, torch.zeros_like(marks))[0]
        plain = tiny.encode(ids, mask)[0]
    assert not torch.allclose(with_marks, without, atol=1e-4)
    assert torch.allclose(without, plain, atol=1e-5)
    assert len(bare.ids) < len(known.ids)  # the value is mentioned under its facet, too


def test_marks_are_ones_where_they_are_said() -> None:
    found = marked([[(0, 1), (2, 3)], []], 4)
    assert found.sum() == 2 and found[0, 0, 1] == 1 and found[0, 2, 3] == 1
