"""Generation: greedy readings under a grammar, and the likelihood of reasons; batched."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from transformers import DynamicCache, EncoderDecoderCache

from bot.pocket import pieces as P
from bot.pocket.model import PocketModel
from bot.pocket.prompt import MARKS, Prompt

MAX_READING = 72


def pad(prompts: Sequence[Prompt]) -> tuple[Tensor, Tensor, Tensor]:
    """Return piece ids and mask of the prompts, shapes (b, s), and their marks, (b, s, MARKS)."""
    longest = max(len(p.ids) for p in prompts)
    ids = torch.zeros(len(prompts), longest, dtype=torch.long)
    mask = torch.zeros(len(prompts), longest, dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, : len(prompt.ids)] = torch.tensor(prompt.ids)
        mask[row, : len(prompt.ids)] = 1
    return ids, mask, marked([p.marks for p in prompts], longest)


def marked(marks: Sequence[Sequence[tuple[int, int]]], length: int) -> Tensor:
    """Return (position, mark) pairs of prompts as ones in a tensor, shape (b, length, MARKS)."""
    found = torch.zeros(len(marks), length, MARKS)
    for row, pairs in enumerate(marks):
        for position, mark in pairs:
            found[row, position, mark] = 1.0
    return found


def generate(
    model: PocketModel,
    prompts: Sequence[Prompt],
    choose: Callable[[int, Sequence[int], Tensor], int],
    limit: int,
) -> list[list[int]]:
    """Generate a reading for each prompt, without begin, with end where reached.

    Readings are made of reserved pieces and pieces of the prompt, never of prose.

    Parameters
    ----------
    choose
        Called with the row, the row's prefix and its logits, shape (v,); returns
        the next id.
    limit
        Most ids of a sequence; the model's own limit holds as well.
    """
    device = model.device
    ids, mask, marks = (t.to(device) for t in pad(prompts))
    encoded = model.encode(ids, mask, marks)
    keys = model.keys(encoded[0])
    rows: list[list[int]] = [[] for _ in prompts]
    done = [False] * len(rows)
    cache = EncoderDecoderCache(DynamicCache(), DynamicCache())
    last = torch.full((len(rows), 1), P.BOS, dtype=torch.long, device=device)
    copied = last
    for _ in range(min(limit, model.config.max_target - 1)):
        logits = (
            model(
                attention_mask=mask,
                decoder_input_ids=last,
                encoder_outputs=encoded,
                marks=marks,
                keys=keys,
                copied=copied,
                prose=False,
                past_key_values=cache,
                use_cache=True,
            )
            .logits[:, -1]
            .float()
        )
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
        copied = torch.where(last >= model.config.offset, last, copied)
    return rows


def constrained(
    grammars: Sequence[Callable[[Sequence[int]], list[int]]],
) -> Callable[[int, Sequence[int], Tensor], int]:
    """Return a chooser that takes the likeliest id that the row's grammar allows."""

    def choose(index: int, prefix: Sequence[int], logits: Tensor) -> int:
        allowed = grammars[index](prefix)
        return allowed[int(logits[allowed].argmax())]

    return choose


def likelihoods(
    model: PocketModel, prompts: Sequence[Prompt], paths: Sequence[Sequence[Sequence[int]]]
) -> list[Tensor]:
    """Return the mean log-likelihood of each path of each prompt, all in one pass.

    The paths of a prompt stand one after the other in a row, so that none is padded to the longest.

    Parameters
    ----------
    paths
        For each prompt, sequences of output ids with their end; at least one in all.
    """
    device = model.device
    ids, mask, _ = (t.to(device) for t in pad(prompts))
    given, copied, targets, packed = (t.to(device) for t in _pack(paths, model.config.offset))
    logits = model(
        attention_mask=mask,
        decoder_input_ids=given,
        encoder_outputs=model.encode(ids, mask),
        copied=copied,
        packed=packed,
    ).logits.float()
    of_target = logits.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    likely = (of_target - logits.logsumexp(-1)).cpu()
    means = []
    for row, of in zip(likely, paths, strict=True):
        each = row[: sum(map(len, of))].split([len(path) for path in of])
        means.append(torch.tensor([float(part.mean()) for part in each]))
    return means


def _pack(paths: Sequence[Sequence[Sequence[int]]], offset: int) -> tuple[Tensor, ...]:
    """Return what is given, what was copied last, what comes and whose it is, each (b, t)."""
    longest = max(sum(map(len, of)) for of in paths)
    fills = (P.BOS, P.BOS, P.PAD, -1)
    given, copied, targets, packed = (torch.full((len(paths), longest), f) for f in fills)
    for row, of in enumerate(paths):
        start = 0
        for number, path in enumerate(of):
            here = slice(start, start := start + len(path))
            before = [P.BOS, *path[:-1]]
            given[row, here] = torch.tensor(before)
            copied[row, here] = torch.tensor(_last_pointers(before, offset))
            targets[row, here] = torch.tensor(path)
            packed[row, here] = number
    return given, copied, targets, packed


def _last_pointers(path: Sequence[int], offset: int) -> list[int]:
    """Return the last id that points, at each step of a path; its first id where none does yet."""
    last, found = path[0], []
    for piece in path:
        last = piece if piece >= offset else last
        found.append(last)
    return found
