"""Train the embedded LLM: `python -m bot.pocket.train`.

Starts from MiniLM's encoder, trains on synthetic, converted and annotated messages and on
hand-written reasons, resumes from its last checkpoint after a kill, and writes its curve.
"""

import argparse
import json
import math
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import send_to_device, set_seed
from safetensors.torch import load_file
from tokenizers import AddedToken
from tqdm import tqdm
from transformers import AutoTokenizer, BertModel

from bot.llm.base import ReasonBrief
from bot.pocket import pieces as P
from bot.pocket.catalogues import Catalogues
from bot.pocket.curve import draw
from bot.pocket.data import data_folder
from bot.pocket.decoding import marked
from bot.pocket.examples import Example, Stream, load_reasons
from bot.pocket.generator.lexicon import FOLDER, load_frames
from bot.pocket.model import PocketConfig, PocketModel, Teaching
from bot.pocket.prompt import MARKS, TIES, Renderer
from bot.pocket.sources import ANNOTATIONS, Encoding, sources
from bot.pocket.weights import export, record
from retrieval.catalog import BUNDLED, bundled_path
from retrieval.embedding import SentenceEncoder, bundled_folder

CHINESE = Path(__file__).parent / "pieces_zh.tsv"
SHARES = {
    "synthetic": 0.18,
    "written": 0.35,
    "real": 0.16,
    "sgd": 0.04,
    "chinese": 0.17,
    "crosswoz": 0.03,
    "reasons": 0.07,
}
PROSE_PIECES = 5120


def prose_pieces(renderer: Renderer, texts: Sequence[str]) -> list[int]:
    """Return the most frequent pieces of these texts, the language that reasons are written in."""
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(renderer.with_offsets(text, 512)[0])
    return sorted(piece for piece, _ in counts.most_common(PROSE_PIECES))


def collate(batch: Sequence[Example], offset: int) -> dict[str, Any]:
    """Pad a batch.

    Returns
    -------
    dict
        input_ids, attention_mask, decoder_input_ids, labels, and the teaching of readings.
    """
    longest = max(len(e.source) for e in batch)
    steps = max(len(e.target) for e in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    mask = torch.zeros(len(batch), longest, dtype=torch.long)
    given = torch.full((len(batch), steps), P.PAD, dtype=torch.long)
    labels = torch.full((len(batch), steps), -100, dtype=torch.long)
    for row, example in enumerate(batch):
        ids[row, : len(example.source)] = torch.tensor(example.source)
        mask[row, : len(example.source)] = 1
        target = torch.tensor(example.target)
        labels[row, : len(target)] = target
        given[row, 0] = P.BOS
        given[row, 1 : len(target)] = target[:-1]
    return {
        "input_ids": ids,
        "attention_mask": mask,
        "decoder_input_ids": given,
        "labels": labels,
        "marks": None if batch[0].lesson is None else _marks(batch, longest),
        "teaching": _teaching(batch, longest, steps, offset),
    }


def _marks(batch: Sequence[Example], longest: int) -> torch.Tensor:
    """Return a batch's marks, the ties of facets in another order each time: none owns a mark."""
    order = torch.cat([torch.randperm(TIES - 1), torch.arange(TIES - 1, MARKS)])
    return marked([e.marks for e in batch], longest)[:, :, order]


def _teaching(batch: Sequence[Example], longest: int, steps: int, offset: int) -> Teaching | None:
    """Return the lessons of a batch of readings as tensors; None for reasons."""
    lessons = [e.lesson for e in batch if e.lesson is not None]
    if len(lessons) < len(batch):
        return None
    allowed = torch.zeros(len(batch), steps, offset + longest, dtype=torch.bool)
    kinds = torch.full((len(batch), longest), -100, dtype=torch.long)
    facets = torch.full((len(batch), longest), -100, dtype=torch.long)
    markers = torch.zeros(len(batch), longest, dtype=torch.bool)
    for row, lesson in enumerate(lessons):
        for step, ids in enumerate(lesson.allowed):
            allowed[row, step, list(ids)] = True
        kinds[row, list(lesson.kinds)] = torch.tensor(list(lesson.kinds.values()), dtype=torch.long)
        facets[row, list(lesson.facets)] = torch.tensor(
            list(lesson.facets.values()), dtype=torch.long
        )
        markers[row, list(lesson.markers)] = True
    return Teaching(allowed, kinds, facets, markers)


def extended(tokenizer: Any) -> list[str]:  # noqa: ANN401  (transformers is untyped)
    """Add the Chinese words to a tokenizer, unless it has them; return their English glosses."""
    rows = [line.split("\t") for line in CHINESE.read_text(encoding="utf-8").splitlines()]
    tokenizer.add_tokens([AddedToken(word, normalized=False) for word, _ in rows])
    return [gloss for _, gloss in rows]


def new_model(prose: Sequence[int], tokenizer: Any) -> PocketModel:  # noqa: ANN401
    """Return an untrained model with MiniLM's encoder; a Chinese word starts as its gloss."""
    mini = BertModel.from_pretrained(bundled_folder(), add_pooling_layer=False)
    shape = mini.config.to_diff_dict()
    shape.update(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    glosses = extended(tokenizer)
    model = PocketModel(
        PocketConfig(encoder=shape, prose_pieces=list(prose), added_pieces=len(glosses))
    )
    model.encoder.load_state_dict(mini.state_dict(), strict=False)
    words = model.words
    with torch.no_grad():
        for row, gloss in enumerate(glosses):
            pieces = tokenizer.encode(gloss, add_special_tokens=False)
            words.added[row] = words.weight[pieces].mean(dim=0)
    return model


def freeze(model: PocketModel) -> None:
    """Freeze the pretrained embeddings; those added train."""
    for parameter in model.encoder.embeddings.parameters():
        parameter.requires_grad = False
    model.words.added.requires_grad = True


def optimiser(model: PocketModel, rate: float) -> torch.optim.AdamW:
    """Return AdamW with a third of the rate for the pretrained encoder."""
    encoder = [p for p in model.encoder.parameters() if p.requires_grad]
    known = {id(p) for p in model.encoder.parameters()}
    rest = [p for p in model.parameters() if p.requires_grad and id(p) not in known]
    groups = [{"params": encoder, "lr": rate / 3}, {"params": rest, "lr": rate}]
    return torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))


def schedule(step: int, steps: int, warmup: int = 200) -> float:
    """Return the rate's factor: linear warm-up, then cosine to a fiftieth."""
    if step < warmup:
        return (step + 1) / warmup
    progress = min(1.0, (step - warmup) / max(1, steps - warmup))
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress))


def main(argv: Sequence[str] | None = None) -> None:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m bot.pocket.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of checkpoints and model")
    parser.add_argument("--examples", type=int, default=180_000)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument(
        "--from", dest="start", type=Path, help="weights to go on from, instead of MiniLM's"
    )
    parser.add_argument("--lines", type=int, help="only so many of the written messages")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--every", type=int, default=250, help="steps between checkpoints")
    train(parser.parse_args(argv))


def train(args: argparse.Namespace) -> None:
    """Run or resume one training."""
    args.out.mkdir(parents=True, exist_ok=True)
    accelerator = Accelerator(cpu=not torch.cuda.is_available())
    set_seed(args.seed)
    tokenizer = AutoTokenizer.from_pretrained(bundled_folder())
    renderer = Renderer(tokenizer)
    reasons = load_reasons(sorted(ANNOTATIONS.glob("reasons*.jsonl")))
    model = new_model(_kept_prose(args.out, args.start, renderer, reasons), tokenizer)
    if args.start:
        _go_on_from(model, args.start)
    freeze(model)
    steps = args.examples // (args.batch * accelerator.num_processes)
    optimizer = optimiser(model, args.rate)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: schedule(s, steps))
    model, optimizer, scheduler = accelerator.prepare(model, optimizer, scheduler)
    bare: PocketModel = accelerator.unwrap_model(model)
    step = _resume(accelerator, args.out)
    seed = args.seed + 1000 * accelerator.process_index + step
    prose = {piece: index for index, piece in enumerate(bare.config.prose_pieces)}
    encoding = Encoding(renderer, bare.config.offset, prose)
    catalogues = Catalogues(SentenceEncoder())
    found = sources(encoding, reasons, catalogues, data_folder(), seed, args.lines)
    stream = Stream(found, SHARES, seed)
    bar = tqdm(
        total=steps,
        initial=step,
        unit="step",
        mininterval=5,
        disable=not accelerator.is_main_process,
    )
    recent: list[float] = []
    model.train()
    for batch in stream.batches(args.batch):
        if step >= steps:
            break
        tensors = send_to_device(collate(batch, bare.config.offset), accelerator.device)
        loss = model(**tensors).loss
        if not torch.isfinite(loss):
            raise FloatingPointError(
                f"expected a finite loss, got {loss.item()} at step {step}; the last checkpoint in "
                f"{args.out} is good: lower --rate and run again"
            )
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
        step += 1
        recent.append(loss.item())
        bar.update()
        if step % args.every == 0 or step == steps:
            _save(accelerator, args.out, step)
            if accelerator.is_main_process:
                _log(args.out, step, recent)
            bar.set_postfix(loss=f"{sum(recent) / len(recent):.3f}")
            recent.clear()
    bar.close()
    if not accelerator.is_main_process:
        return
    draw(args.out / "curve.jsonl", args.batch * accelerator.num_processes, args.out / "curve.svg")
    export(bare, args.out / "model")
    tokenizer.save_pretrained(args.out / "model")
    record(args.out / "model")


def _kept_prose(
    out: Path,
    start: Path | None,
    renderer: Renderer,
    reasons: Sequence[tuple[ReasonBrief, str]],
) -> list[int]:
    """Return the prose pieces of this run: chosen once, so that a resumed run keeps its ids."""
    kept = out / "prose.json"
    if not kept.exists():
        if start:
            chosen = json.loads((start / "config.json").read_text())["prose_pieces"]
        else:
            chosen = prose_pieces(renderer, _prose(reasons))
        kept.write_text(json.dumps(chosen))
    pieces: list[int] = json.loads(kept.read_text())
    return pieces


def _go_on_from(model: PocketModel, folder: Path) -> None:
    """Load what the weights of a folder have in common with the model."""
    known = model.state_dict()
    for shard in sorted(folder.glob("*.safetensors")):
        for name, tensor in load_file(shard).items():
            if name in known and known[name].shape == tensor.shape:
                known[name].copy_(tensor.float())


def _prose(reasons: Sequence[tuple[ReasonBrief, str]]) -> list[str]:
    """Return the texts whose words reasons may be written in: reasons, blurbs, what people say."""
    blurbs = [
        json.loads(line)["blurb"]
        for name in BUNDLED
        for line in bundled_path(name).read_text("utf-8").splitlines()
    ]
    frames = load_frames(*sorted(FOLDER.glob("frames_*.txt")))
    return [*blurbs, *(reason for _, reason in reasons), *(frame.text for frame in frames)]


def _resume(accelerator: Accelerator, out: Path) -> int:
    mark = out / "step.json"
    if not mark.exists():
        return 0
    saved = json.loads(mark.read_text())
    accelerator.load_state(str(out / saved["state"]))
    return int(saved["step"])


def _save(accelerator: Accelerator, out: Path, step: int) -> None:
    """Save the state in one of two folders by turns; the mark moves only when it is whole."""
    mark = out / "step.json"
    last = json.loads(mark.read_text())["state"] if mark.exists() else "state-b"
    state = "state-a" if last == "state-b" else "state-b"
    accelerator.wait_for_everyone()
    accelerator.save_state(str(out / state))
    accelerator.wait_for_everyone()
    if not accelerator.is_main_process:
        return
    fresh = out / "step.json.new"
    fresh.write_text(json.dumps({"step": step, "state": state}))
    fresh.replace(mark)


def _log(out: Path, step: int, recent: Sequence[float]) -> None:
    with (out / "curve.jsonl").open("a", encoding="utf-8") as curve:
        row = {"step": step, "loss": sum(recent) / len(recent), "time_s": round(time.time())}
        curve.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
