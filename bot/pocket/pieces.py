"""The output language: one reserved piece per act, operator and slot; everything else points.

A reading is generated as `act segment* end`. Text values are two pointers (first and last piece
of a span of the message), facets, shown items and held wishes one pointer to their marker in the
prompt. Reasons are generated as prose pieces. One id space holds all three:

`[0, RESERVED) reserved · [RESERVED, RESERVED + prose) prose pieces · beyond: source positions`
"""

from typing import get_args

from bot.types import Act, Direction
from retrieval.types import Op

PAD, BOS, EOS = 0, 1, 2
ACTS: tuple[Act, ...] = get_args(Act)
OPS: tuple[Op, ...] = get_args(Op)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
ROLES = ("likes", "dislikes", "seen", "similar", "refers")
SLOTS = ("drop", "ask", "count", "wish", "avoid")
EXTRA = ("all", "text")

_NAMES = ("<pad>", "<bos>", "<eos>", *ACTS, *OPS, *DIRECTIONS, *ROLES, *SLOTS, *EXTRA)
RESERVED = 64
if len(_NAMES) > RESERVED:  # pragma: no cover - a programming error, found at import
    raise RuntimeError(f"expected at most {RESERVED} reserved pieces, got {len(_NAMES)}")

ID = {name: index for index, name in enumerate(_NAMES)}
NAME = dict(enumerate(_NAMES))
FACETED = tuple(ID[n] for n in (*OPS, *DIRECTIONS))  # what a facet follows; a run of ids
SEGMENT_STARTS = tuple(ID[n] for n in (*OPS, *DIRECTIONS, *ROLES, *SLOTS))

# Markers inside the prompt: pieces that BERT's vocabulary keeps unused (ids 1..99).
FACET, MENTION, STATE, ITEM, SAID, READ, WRITE = 1, 2, 3, 4, 5, 6, 7
WISH, MET, FACTS, TEXT, LIKED = 8, 9, 10, 11, 12
SLOT0 = 20  # placeholders of a reason brief: SLOT0 + i stands for its i-th value
