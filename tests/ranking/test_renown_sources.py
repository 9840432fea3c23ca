"""Mentions of films become the renown of whatever tells of them."""

import math

import pytest
import torch

from ranking.sessions import Corpus
from ranking.train import Spaces, renown
from retrieval.types import Item


def corpus(name: str, *items: tuple[str, str, int]) -> Corpus:
    made = tuple(Item(id_, title, "", {"year": year}) for id_, title, year in items)
    return Corpus(name, made, torch.eye(len(items), 4))


FILMS = corpus("films", ("1", "Heat", 1995), ("2", "Ronin", 1998), ("3", "Obscure", 1950))
OTHER = corpus("other", ("a", "HEAT!", 1995), ("b", "Heat", 1986), ("c", "Unheard of", 2000))
PHONES = corpus("phones", ("p", "Phone 4", 2010), ("q", "Phone 5", 2011))


def test_a_film_is_as_well_known_in_every_catalogue_as_its_mentions_say() -> None:
    over = Spaces(FILMS, FILMS, OTHER, ((PHONES, ("brand",)),))
    texts, known = renown({"1": 99, "2": 9}, over)
    films = [1.0, math.log(10) / math.log(100), 0.0]
    # Of the other catalogue, the one film of the same name and year; no phone is known at all.
    assert known.tolist() == pytest.approx([*films, *films, 1.0, 0.0, 0.0])
    assert torch.equal(texts[6], OTHER.vectors[0])
    assert len(texts) == len(known) == 9
