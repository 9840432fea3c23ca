import itertools
import random
from pathlib import Path

import pytest

from bot.pocket.annotated import count_span
from bot.pocket.generator import spans
from bot.pocket.generator.compose import SLOT, SLOTS, Composer
from bot.pocket.generator.lexicon import FOLDER, load_domains, load_frames
from bot.pocket.language import linearise
from bot.pocket.prompt import Renderer
from bot.pocket.sgd import UNSEEN

DOMAINS = load_domains(FOLDER / "main_domains.jsonl", *sorted(FOLDER.glob("domains_*.jsonl")))
FRAMES = load_frames(*sorted(FOLDER.glob("frames_*.txt")))
HELD_OUT = {"books", "restaurants", "shoes", "cars", "courses", "online courses", "board games"}


def test_the_domains_kept_for_testing_are_not_in_the_training_material() -> None:
    assert not HELD_OUT & {d.name.lower() for d in DOMAINS}
    assert {"Restaurants", "RentalCars"} <= set(UNSEEN)


def test_every_frame_uses_known_slots() -> None:
    unknown = {s for f in FRAMES for s in SLOT.findall(f.text)} - set(SLOTS)
    assert not unknown


def test_a_seed_fixes_the_stream() -> None:
    first, second = (
        [s.text for s, _ in itertools.islice(Composer(DOMAINS, FRAMES, seed=4), 40)]
        for _ in range(2)
    )
    assert first == second


def test_every_composed_message_can_be_said_in_pieces(renderer: Renderer) -> None:
    for situation, reading in itertools.islice(Composer(DOMAINS, FRAMES, seed=9), 200):
        assert linearise(situation, reading, renderer.encode(situation), 5000)


@pytest.mark.parametrize("seed", range(30))
def test_noise_moves_spans_along(seed: int) -> None:
    marked = f"I want {spans.mark(0, 'a Comedy')}, with {spans.mark(1, 'Tom Hanks')}."
    text, found = spans.unmark(spans.roughen(marked, random.Random(seed)))
    assert set(found) == {0, 1}
    assert all(words in text and words for words in found.values())


def test_counts_are_found_where_they_are_said() -> None:
    assert count_span("give me Two films", 2) == "Two"
    assert count_span("give me films", 2) is None


def test_test_lines_are_not_among_the_frames() -> None:
    folder = Path(FOLDER).parent / "testsets"
    tests = "\n".join(p.read_text(encoding="utf-8").lower() for p in folder.glob("*.jsonl"))
    copied = [f.text for f in FRAMES if len(f.text) > 25 and f'"{f.text.lower()}"' in tests]
    assert not copied
