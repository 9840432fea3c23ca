"""What is well known is read from texts, and interests lean towards it."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from ranking.errors import DimensionMismatch
from ranking.renown import teach_renown
from ranking.tracker import InterestTracker, TrackerConfig, load_tracker, save_tracker
from ranking.vectors import unit

D, COUNT, STEPS = 24, 400, 500


def untaught() -> InterestTracker:
    torch.manual_seed(0)
    return InterestTracker(TrackerConfig(D, D, renown=32)).eval()


def texts() -> Tensor:
    return unit(torch.randn(COUNT, D, generator=torch.Generator().manual_seed(1)))


def rule(vectors: Tensor) -> Tensor:
    """Return a renown that the texts tell: how much they hold of one direction."""
    return (0.5 + 2.0 * vectors[:, 0]).clamp(0.0, 1.0)


@pytest.fixture(scope="module")
def taught() -> InterestTracker:
    tracker = untaught()
    teach_renown(tracker, texts(), rule(texts()), STEPS)
    return tracker


def correlation(one: Tensor, other: Tensor) -> float:
    return float(torch.corrcoef(torch.stack([one, other]))[0, 1])


def test_renown_is_read_from_texts_never_seen_and_none_is_found_in_noise(taught) -> None:
    new = unit(torch.randn(COUNT, D, generator=torch.Generator().manual_seed(2)))
    assert correlation(taught.renown.known(new), rule(new)) > 0.9
    noise = torch.rand(COUNT, generator=torch.Generator().manual_seed(3))
    fooled = untaught()
    teach_renown(fooled, texts(), noise, STEPS)
    assert abs(correlation(fooled.renown.known(new), rule(new))) < 0.3


def test_the_share_explained_is_told(taught) -> None:
    assert teach_renown(untaught(), texts(), rule(texts()), STEPS) > 0.9
    assert teach_renown(untaught(), texts(), rule(texts()), 0) < 0.5


def test_of_two_items_that_fit_alike_the_better_known_one_is_nearer_to_the_interest(taught) -> None:
    seed = unit(torch.randn(D, generator=torch.Generator().manual_seed(4)))
    more, less = seed.clone(), seed.clone()
    more[0], less[0] = 0.25, -0.25
    liked = seed.clone()
    liked[0] = 0.0  # as near to the one as to the other
    vectors = taught.vectors(["liked", "more", "less"], torch.stack([liked, more, less]))
    interest = taught.interest(taught.update(taught.start(), vectors[0], "liked"))
    bent = (vectors[1:] @ interest).tolist()
    plain = untaught()
    vectors = plain.vectors(["liked", "more", "less"], torch.stack([liked, more, less]))
    interest = plain.interest(plain.update(plain.start(), vectors[0], "liked"))
    straight = (vectors[1:] @ interest).tolist()
    assert bent[0] - bent[1] > 0.03
    assert straight[0] == pytest.approx(straight[1], abs=1e-5)


def test_bent_vectors_have_unit_length_and_still_tell_what_the_item_is(taught) -> None:
    vectors = taught.vectors([str(n) for n in range(COUNT)], texts())
    assert torch.allclose(vectors.norm(dim=-1), torch.ones(COUNT), atol=1e-5)
    assert (vectors * texts()).sum(-1).min() > 0.8


def test_an_untaught_tracker_leaves_the_texts_as_they_are() -> None:
    assert torch.allclose(untaught().vectors(["a"], texts()[:1]), texts()[:1], atol=1e-6)


def test_what_was_taught_is_no_longer_changed_by_training(taught) -> None:
    assert not any(p.requires_grad for p in taught.renown.parameters())
    assert taught.theta0.requires_grad


def test_renown_is_kept_on_disk(taught, tmp_path: Path) -> None:
    save_tracker(taught, tmp_path)
    loaded = load_tracker(tmp_path)
    assert loaded.config == taught.config
    assert torch.allclose(loaded.renown.known(texts()), taught.renown.known(texts()), atol=5e-3)


def test_a_tracker_needs_a_layer_for_renown_and_a_number_for_every_text() -> None:
    with pytest.raises(ValueError, match="give its config a width"):
        teach_renown(InterestTracker(TrackerConfig(D, D)), texts(), rule(texts()), 1)
    with pytest.raises(DimensionMismatch, match="expected 400 numbers, one a text, got 3"):
        teach_renown(untaught(), texts(), torch.zeros(3), 1)
