"""What a comment's author thinks of the item."""

import pytest
import torch

from bot.verdicts import VERDICTS, Verdicts, fit, outcome
from retrieval.embedding import SentenceEncoder


@pytest.fixture(scope="module")
def verdicts() -> Verdicts:
    return Verdicts(SentenceEncoder())


@pytest.mark.parametrize(
    ("comment", "kind"),
    [
        ("I loved this so much, what a wonderful story.", "liked"),
        ("Excellent camera and a great screen, very happy.", "liked"),
        ("Terrible, it broke after two days.", "disliked"),
        ("So boring that I stopped halfway.", "disliked"),
        ("Does it have a headphone jack?", "mentioned"),
        ("I have not watched it yet.", "mentioned"),
    ],
)
def test_plain_verdicts_are_told(verdicts: Verdicts, comment: str, kind: str) -> None:
    assert verdicts.of([comment]) == (kind,)


def test_what_comes_after_a_but_decides(verdicts: Verdicts) -> None:
    praise, blame = "the acting is wonderful", "it is a boring waste of time"
    ends = (f"{blame}, but {praise}.", f"{praise}, but {blame}.")
    assert verdicts.of([text.capitalize() for text in ends]) == ("liked", "disliked")


def test_each_of_many_comments_gets_the_verdict_that_it_gets_alone(verdicts: Verdicts) -> None:
    comments = ["Loved it", "", "Awful", "Is it long?", "!!!", "x" * 5000]
    assert verdicts.of(comments) == tuple(verdicts.of([c])[0] for c in comments)
    assert verdicts.of([]) == ()


@pytest.mark.parametrize(
    ("comment", "end"),
    [
        ("Nice idea, but dull in the end", "dull in the end"),
        ("Good. Really good.", "Really good."),
        ("Great", "Great"),
        ("", ""),
    ],
)
def test_a_comment_comes_to_its_last_part(comment: str, end: str) -> None:
    assert outcome(comment) == end


def test_the_fit_separates_what_can_be_separated() -> None:
    right = torch.arange(60) % len(VERDICTS)
    given = 4 * torch.eye(3)[right] + 0.1 * torch.randn(60, 3, generator=torch.Generator())
    weight, bias = fit(given, right)
    assert bool(((given @ weight.T + bias).argmax(1) == right).all())
