"""The form of a script: what may stand in a `*.chat.yaml`, as frozen values.

Whether its facets, values and titles exist in the catalogue is `vocabulary`'s to say.
"""

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from bot.scripted.fields import (
    OPS,
    ActName,
    Bound,
    Mentionable,
    Mentions,
    Number,
    Pair,
    Pattern,
    Text,
    TextList,
    Texts,
    Whole,
    fact,
    listed,
    pair,
    several,
    wrong,
)
from retrieval.types import Op

_CLOSE_OPS = {"==": "=", "is": "=", "<": "<=", ">": ">=", "=<": "<=", "=>": ">=", "≤": "<="} | {
    "≥": ">=",
    "between": "<>",
    "≠": "!=",
    "about": "~",
}


class Form(BaseModel):
    """The base of all parts: frozen, nothing extra, no conversion of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Wanted(Form):
    """A constraint as scripts write it: `[facet, operator, value]`."""

    facet: Text
    op: Op
    value: Any


def _constraint(value: object) -> object:
    if not isinstance(value, list) or len(value) != 3:
        raise wrong("[facet, operator, value]", value, "write it as [genres, '=', comedy]")
    facet, op, wanted = value
    if op not in OPS:
        remedy = f"write {_CLOSE_OPS.get(str(op), 'one of those')!r}, in quotes"
        raise wrong(f"an operator out of {' '.join(OPS)}", op, remedy)
    if op == "<>":
        return Wanted(facet=facet, op=op, value=pair(wanted))
    return Wanted(facet=facet, op=op, value=fact(wanted))


Constraints = Annotated[
    tuple[Annotated[Wanted, BeforeValidator(_constraint)], ...], BeforeValidator(listed)
]


class FacetTest(Form):
    """What a fact must be; all that is given must hold.

    `has`, `has_any` and `has_not` are about worded facts, the comparisons about numbers; `previous`
    is the largest value (`less_than`) or the smallest (`more_than`) of the items last shown before.
    """

    has: Texts | None = None
    has_any: Texts | None = None
    has_not: Texts | None = None
    is_: Annotated[Any, BeforeValidator(fact)] = Field(None, alias="is")
    between: Pair | None = None
    at_most: Number | None = None
    at_least: Number | None = None
    less_than: Bound | None = None
    more_than: Bound | None = None
    known: bool | None = None

    @model_validator(mode="after")
    def _tests(self) -> "FacetTest":
        if not self.model_fields_set:
            raise wrong("a test", "none", "write one such as {has: comedy} or {at_most: 120}")
        return self


FacetTests = dict[str, FacetTest]


class Count(Form):
    """How many items a reply shows."""

    min: Whole | None = None
    max: Whole | None = None
    is_: Whole | None = Field(None, alias="is")


class Named(Form):
    """Titles that must and must not be there."""

    include: TextList = ()
    exclude: TextList = ()


class Items(Form):
    """What must hold of the items of a reply."""

    count: Count | None = None
    every: FacetTests = {}
    some: FacetTests = {}
    none: FacetTests = {}
    max: FacetTests = {}
    min: FacetTests = {}
    first: FacetTests = {}
    none_of: Literal["shown"] | None = None
    titles: Named | None = None


class ConstraintsHeld(Form):
    """Constraints that must and must not be held; facets that must and must not have one."""

    include: Constraints = ()
    exclude: Constraints = ()
    facets: TextList = ()
    without: TextList = ()


class WishHeld(Form):
    """Words that the free wish must hold."""

    mentions: Texts = ()


class Meant(Form):
    """What must have been understood, by this turn or before it."""

    constraints: ConstraintsHeld | None = None
    likes: Named | None = None
    dislikes: Named | None = None
    seen: Named | None = None
    wish: WishHeld | None = None


class Said(Form):
    """What must hold of the reply's text."""

    mentions: Mentions = ()
    mentions_any: Mentions = ()
    not_: Mentions = Field((), alias="not")
    matches: Pattern | None = None
    question: bool | None = None
    max_sentences: Annotated[int, Field(ge=1, le=1000)] | None = None
    language: Literal["en", "zh"] | None = None


class Latency(Form):
    """How long a turn may take, in milliseconds, as whoever waits for it sees it."""

    max_ms: Annotated[Number, Field(gt=0)]


class Expect(Form):
    """What a turn must come to."""

    act: Annotated[tuple[ActName, ...], BeforeValidator(several)] = ()
    items: Items | None = None
    understood: Meant | None = None
    reply: Said | None = None
    grounded: bool = True
    latency: Latency | None = None


class Turn(Form):
    """One message of the person, and what it must come to."""

    user: Text
    expect: Expect = Expect()


class Mark(Form):
    """What the person does with an item: `items[0]`, counted from 0, or a title."""

    item: Mentionable
    kind: Literal["like", "dislike", "seen", "bought"]


class Feedback(Form):
    """Feedback given between two messages."""

    feedback: Mark


def _kind_of_step(value: object) -> str:
    marks = isinstance(value, dict) and "feedback" in value and "user" not in value
    return "step:feedback" if marks else "step:turn"


Step = Annotated[
    Annotated[Turn, Tag("step:turn")] | Annotated[Feedback, Tag("step:feedback")],
    Discriminator(_kind_of_step),
]


class Script(Form):
    """A scripted conversation; `known` says why it is known to fail."""

    name: Text
    catalog: Text | None = None
    known: Text | None = None
    turns: Annotated[tuple[Step, ...], BeforeValidator(listed)]
