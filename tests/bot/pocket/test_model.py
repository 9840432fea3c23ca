import random
from pathlib import Path

import torch
from transformers import AutoModelForSeq2SeqLM, DynamicCache, EncoderDecoderCache

from bot.llm.base import ReasonBrief, Situation
from bot.pocket import pieces as P
from bot.pocket.decoding import constrained, generate, likelihoods, pad
from bot.pocket.frames import FrameWriter, drawn, frames
from bot.pocket.language import Grammar, parse
from bot.pocket.model import PocketConfig, PocketModel, register
from bot.pocket.prompt import Renderer
from bot.pocket.reasons import compose
from retrieval.types import Schema


def test_step_by_step_with_a_cache_gives_the_same_logits(tiny: PocketModel) -> None:
    ids = torch.randint(100, 2000, (2, 9))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    offset = tiny.config.offset
    given = torch.tensor([[P.BOS, 5, offset + 3, P.RESERVED + 4], [P.BOS, 6, offset + 1, offset]])
    whole = tiny(input_ids=ids, attention_mask=mask, decoder_input_ids=given).logits
    encoded = tiny.encoder(input_ids=ids, attention_mask=mask)
    cache = EncoderDecoderCache(DynamicCache(), DynamicCache())
    steps = [
        tiny(
            attention_mask=mask,
            decoder_input_ids=given[:, i : i + 1],
            encoder_outputs=encoded,
            past_key_values=cache,
            use_cache=True,
        ).logits
        for i in range(given.size(1))
    ]
    assert torch.allclose(torch.cat(steps, 1), whole, atol=1e-4)


def test_padding_changes_no_reading(tiny: PocketModel, renderer: Renderer, schema: Schema) -> None:
    situations = [
        Situation(schema, "a comedy"),
        Situation(schema, "something long with horror in it and no end of words", shown=("A", "B")),
    ]
    offset = tiny.config.offset

    def read(batch: list[Situation]) -> list[list[int]]:
        prompts = [renderer.encode(s) for s in batch]
        grammars = [Grammar(p, offset).allowed for p in prompts]
        return generate(tiny, prompts, constrained(grammars), 30)

    with torch.inference_mode():
        together = read(situations)
        alone = [read([s])[0] for s in situations]
    assert together == alone


def test_an_untrained_model_still_gives_valid_readings(
    tiny: PocketModel, renderer: Renderer, schema: Schema
) -> None:
    situation = Situation(schema, "ok 😀")
    prompt = renderer.encode(situation)
    grammar = Grammar(prompt, tiny.config.offset)
    with torch.inference_mode():
        (row,) = generate(tiny, [prompt], constrained([grammar.allowed]), 72)
    assert parse(situation, prompt, row, tiny.config.offset).act in P.ACTS


def test_an_untrained_model_still_writes_whole_sentences_of_the_brief(
    tiny: PocketModel, renderer: Renderer
) -> None:
    words = " ".join((*frames(), "a film of runs"))
    pieces = sorted(set(renderer.with_offsets(words, 4000)[0]))
    tiny = PocketModel(PocketConfig(**(tiny.config.to_dict() | {"prose_pieces": pieces}))).eval()
    writer = FrameWriter(renderer, {piece: i for i, piece in enumerate(pieces)})
    brief = ReasonBrief("Big", "film", met=(("runtime", "104 minutes"),), text="A boy grows up.")
    prompt = renderer.encode_brief(brief)
    rows = drawn(writer.trie(brief, prompt), 6, random.Random(1))
    with torch.inference_mode():
        (likely,) = likelihoods(tiny, [prompt], [rows])
    assert len(rows) == len(likely) == 6 and bool((likely < 0).all())
    texts = [compose(renderer, prompt, brief, row, pieces) for row in rows]
    assert all("104 minutes" in t for t in texts), texts
    assert all("a boy grows up." in t.lower() for t in texts if "boy" in t)
    assert all(t[0].isupper() and t[-1] == "." for t in texts)


def test_a_brief_without_wishes_or_text_gets_no_reason(renderer: Renderer) -> None:
    brief = ReasonBrief("Big", "film")
    assert FrameWriter(renderer, {}).trie(brief, renderer.encode_brief(brief)) == {}


def test_the_model_is_saved_and_loaded_through_the_auto_classes(
    tiny: PocketModel, tmp_path: Path
) -> None:
    tiny.save_pretrained(tmp_path)
    register()
    again = AutoModelForSeq2SeqLM.from_pretrained(tmp_path)
    ids, mask = torch.randint(100, 2000, (1, 7)), torch.ones(1, 7, dtype=torch.long)
    given = torch.tensor([[P.BOS, 4]])
    first = tiny(input_ids=ids, attention_mask=mask, decoder_input_ids=given).logits
    second = again.eval()(input_ids=ids, attention_mask=mask, decoder_input_ids=given).logits
    assert torch.allclose(first, second, atol=1e-5)


def test_a_few_examples_are_learnt_and_a_shuffled_control_is_not(
    tiny: PocketModel, renderer: Renderer, schema: Schema
) -> None:
    texts = ["a comedy", "start over", "undo that", "who is in it", "hello there", "some horror"]
    prompts = [renderer.encode(Situation(schema, t)) for t in texts]
    ids, mask, _ = pad(prompts)
    labels = torch.tensor([[3], [10], [11], [5], [9], [4]])
    given = torch.full((len(texts), 1), P.BOS)
    before = tiny(input_ids=ids, attention_mask=mask, decoder_input_ids=given, labels=labels).loss
    optimizer = torch.optim.Adam(tiny.parameters(), lr=2e-3)
    tiny.train()
    for _ in range(120):
        loss = tiny(input_ids=ids, attention_mask=mask, decoder_input_ids=given, labels=labels).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    tiny.eval()
    after = tiny(input_ids=ids, attention_mask=mask, decoder_input_ids=given, labels=labels).loss
    control = tiny(
        input_ids=ids, attention_mask=mask, decoder_input_ids=given, labels=labels.roll(1, 0)
    ).loss
    assert after < 0.5 * before
    assert control > 2 * after


def test_a_path_is_as_likely_alone_as_among_others(tiny: PocketModel, renderer: Renderer) -> None:
    prompts = [
        renderer.encode_brief(ReasonBrief(title, "film", text="A boy grows up over night."))
        for title in ("Big", "The Lord of the Rings")
    ]
    paths = [[[P.RESERVED + 3, P.EOS]], [[P.RESERVED + 5, P.RESERVED + 9, P.EOS], [5, P.EOS]]]
    with torch.inference_mode():
        together = likelihoods(tiny, prompts, paths)
        alone = [likelihoods(tiny, [p], [of])[0] for p, of in zip(prompts, paths, strict=True)]
    assert all(torch.allclose(a, b, atol=1e-4) for a, b in zip(together, alone, strict=True))
