"""Interest points: shares of facet values."""

import pytest
import torch

from ranking.errors import DimensionMismatch
from ranking.points import interest_points, point_space
from retrieval.types import Item


def test_the_nearest_value_has_the_largest_share_and_shares_sum_to_one() -> None:
    points = interest_points(torch.tensor([1.0, 0.2]), torch.eye(2), ["crime", "romance"], top=5)
    assert [name for name, _ in points] == ["crime", "romance"]
    assert sum(p for _, p in points) == pytest.approx(1)


def test_shares_are_the_softmax_of_the_cosines_over_the_temperature() -> None:
    points = dict(
        interest_points(torch.tensor([2.0, 0.0]), torch.eye(2), ["a", "b"], 2, temperature=0.5)
    )
    assert points["a"] / points["b"] == pytest.approx(2.718281828**2, rel=1e-4)


def test_the_top_points_keep_their_share_of_the_whole() -> None:
    names = [f"v{i}" for i in range(6)]
    points = interest_points(torch.ones(6), torch.eye(6), names, top=2)
    assert [p for _, p in points] == pytest.approx([1 / 6, 1 / 6])
    assert [name for name, _ in points] == ["v0", "v1"]


def test_no_history_has_no_points() -> None:
    assert interest_points(None, torch.eye(2), ["a", "b"], 3) == ()


def test_the_point_space_holds_the_centred_means_of_values_with_enough_items() -> None:
    def item(n: int, *genres: str) -> Item:
        return Item(str(n), "", "", {"genres": genres, "kind": "film", "year": 1990, "os": None})

    items = [item(0, "crime"), item(1, "crime"), item(2, "romance"), item(3, "romance", "rare")]
    vectors = torch.tensor([[1.0, 0.0], [0.8, 0.0], [0.0, 1.0], [0.0, 0.8]])
    space = point_space(items, vectors, ("genres", "kind", "os", "year"), min_items=2)
    assert space.names == ("crime", "romance")
    assert torch.allclose(space.centre, torch.tensor([0.45, 0.45]))
    half = 2**-0.5
    assert torch.allclose(space.vectors, torch.tensor([[half, -half], [-half, half]]))
    (best, _), *_ = interest_points(vectors[1], space.vectors, space.names, 2, space.centre)
    assert best == "crime"


def test_a_catalogue_without_such_facets_has_no_points() -> None:
    space = point_space([Item("a", "", "", {})], torch.ones(1, 4), ("genres",))
    assert space.names == () and space.vectors.shape == (0, 4)
    assert interest_points(torch.ones(4), space.vectors, space.names, 3, space.centre) == ()


def test_names_and_vectors_must_fit() -> None:
    with pytest.raises(DimensionMismatch, match="each of the 2 point vectors, got 1"):
        interest_points(torch.ones(2), torch.eye(2), ["a"], 1)
    with pytest.raises(DimensionMismatch, match="each of the 1 items, got 2"):
        point_space([Item("a", "", "", {})], torch.ones(2, 4), ())
