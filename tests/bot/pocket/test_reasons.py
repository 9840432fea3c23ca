import pytest

from bot.llm.base import ReasonBrief
from bot.pocket.prompt import Renderer
from bot.pocket.reasons import Unwritable, _referred, compose, spell

BRIEF = ReasonBrief(
    title="Coherence",
    item="film",
    met=(("runtime", "89 minutes"), ("genres", "science fiction")),
    wish=("tense",),
    liked=("Primer",),
    facts=(("director", "James Ward Byrkit"),),
    text="Eight friends at a dinner party find that a passing comet has split their evening.",
)


def prose_of(renderer: Renderer, *texts: str) -> dict[int, int]:
    pieces = sorted({p for t in texts for p in renderer.with_offsets(t, 200)[0]})
    return {piece: index for index, piece in enumerate(pieces)}


def test_a_reason_is_spelled_and_composed_back_word_for_word(renderer: Renderer) -> None:
    prose = prose_of(renderer, "at you asked for, this film stays and , : that like")
    reason = "At 89 minutes this science fiction film stays tense: a passing comet, like Primer."
    prompt = renderer.encode_brief(BRIEF)
    prose |= {p: len(prose) for p in renderer.with_offsets(".", 2)[0] if p not in prose}
    ids = spell(renderer, prompt, BRIEF, reason, prose)
    assert compose(renderer, prompt, BRIEF, ids, list(prose)) == reason


def test_facts_are_said_by_pointing_at_them(renderer: Renderer) -> None:
    prose = prose_of(renderer, "it runs .")
    prompt = renderer.encode_brief(BRIEF)
    ids = spell(renderer, prompt, BRIEF, "It runs 89 minutes.", prose)
    offset = 64 + len(prose)
    assert [prompt.slots.get(i - offset) for i in ids if i >= offset] == ["89 minutes"]


def test_a_word_from_nowhere_cannot_be_written(renderer: Renderer) -> None:
    prompt = renderer.encode_brief(BRIEF)
    with pytest.raises(Unwritable):
        spell(renderer, prompt, BRIEF, "Zebras!", prose_of(renderer, "it"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Perhaps this phone from 2023? This phone folds.", "It folds."),
        ("Try these Apple headphones. These headphones fold.", "They fold."),
        ("Here is a film about a phone. This phone rings.", "This phone rings."),
        ("Try this one. This phone is flat.", "This phone is flat."),
    ],
)
def test_what_was_named_is_not_named_again(text, told):
    assert _referred(text).endswith(f" {told}")
