"""Generation: grammar-constrained greedy readings and sampled reasons, in batches with a cache."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor
from transformers import DynamicCache, EncoderDecoderCache

from bot.pocket import pieces as P
from bot.pocket.model import PocketModel
from bot.pocket.prompt import Prompt

MAX_READING = 72


def pad(prompts: Sequence[Prompt]) -> tuple[Tensor, Tensor]:
    """Return piece ids and mask of the prompts, shapes (b, s)."""
    longest = max(len(p.ids) for p in prompts)
    ids = torch.zeros(len(prompts), longest, dtype=torch.long)
    mask = torch.zeros(len(prompts), longest, dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, : len(prompt.ids)] = torch.tensor(prompt.ids)
        mask[row, : len(prompt.ids)] = 1
    return ids, mask


def generate(
    model: PocketModel,
    prompts: Sequence[Prompt],
    choose: Callable[[int, Sequence[int], Tensor], int],
    copies: int,
    limit: int,
) -> list[list[int]]:
    """Generate `copies` sequences for each prompt, without begin, with end where reached.

    Parameters
    ----------
    choose
        Called with the row (prompt-major), the row's prefix and its logits, shape (v,); returns
        the next id.
    limit
        Most ids of a sequence; the model's own limit holds as well.
    """
    ids, mask = pad(prompts)
    device = model.device
    mask = mask.to(device)
    encoded = model.encoder(input_ids=ids.to(device), attention_mask=mask)
    if copies > 1:
        encoded.last_hidden_state = encoded.last_hidden_state.repeat_interleave(copies, dim=0)
        mask = mask.repeat_interleave(copies, dim=0)
    rows: list[list[int]] = [[] for _ in range(len(prompts) * copies)]
    done = [False] * len(rows)
    cache = EncoderDecoderCache(DynamicCache(), DynamicCache())
    last = torch.full((len(rows), 1), P.BOS, dtype=torch.long, device=device)
    for _ in range(min(limit, model.config.max_target - 1)):
        logits = model(
            attention_mask=mask,
            decoder_input_ids=last,
            encoder_outputs=encoded,
            past_key_values=cache,
            use_cache=True,
        ).logits[:, -1].float()
        logits = logits.cpu()
        for index, row in enumerate(rows):
            if done[index]:
                continue
            chosen = choose(index, row, logits[index])
            row.append(chosen)
            done[index] = chosen == P.EOS
        if all(done):
            break
        last = torch.tensor([[r[-1]] for r in rows], dtype=torch.long, device=device)
    return rows


def constrained(
    grammars: Sequence[Callable[[Sequence[int]], list[int]]],
) -> Callable[[int, Sequence[int], Tensor], int]:
    """Return a chooser that takes the likeliest id that the row's grammar allows."""

    def choose(index: int, prefix: Sequence[int], logits: Tensor) -> int:
        allowed = grammars[index](prefix)
        return allowed[int(logits[allowed].argmax())]

    return choose


def prose(
    prompts: Sequence[Prompt],
    copies: int,
    offset: int,
    temperature: float,
    top_p: float,
    generator: torch.Generator,
) -> Callable[[int, Sequence[int], Tensor], int]:
    """Return a chooser for reasons: the first copy greedy, the others sampled by nucleus.

    Each slot is used once at most, a piece never follows itself, and no pair of pieces repeats.
    """
    legal: list[Tensor] = []
    for prompt in prompts:
        pointers = [p + offset for p in (*prompt.slots, *prompt.spans)]
        legal.append(torch.tensor([P.EOS, *range(P.RESERVED, offset), *pointers]))

    def choose(index: int, prefix: Sequence[int], logits: Tensor) -> int:
        prompt, ids = prompts[index // copies], legal[index // copies]
        scores = logits[ids].clone()
        used = {i for i in prefix if i - offset in prompt.slots} | set(prefix[-1:])
        used |= {b for a, b in pairwise(prefix) if a == prefix[-1]}
        for position in used:
            scores[ids == position] = float("-inf")
        if len(prefix) < 5:
            scores[0] = float("-inf")
        if index % copies == 0:
            return int(ids[int(scores.argmax())])
        chances = (scores / temperature).softmax(-1)
        ordered, order = chances.sort(descending=True)
        kept = ordered.cumsum(-1) - ordered < top_p
        pick = torch.multinomial(ordered * kept, 1, generator=generator)
        return int(ids[order[int(pick)]])

    return choose
