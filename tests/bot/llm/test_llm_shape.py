import pytest

from bot.llm.base import Situation
from bot.llm.shape import parse_object, reading_schema
from retrieval.types import Facet, Schema


@pytest.mark.parametrize(
    "answer",
    [
        '{"act":"undo"}',
        'Sure! Here it is:\n```json\n{"act": "undo"}\n```\nAnything else?',
        '<think>{"act": "reset"}? No.</think>{"act": "undo"}',
        'The {facets} say {"n": 1}, so {"act": "undo"} it is.',
        '{"act":"undo","wish":["cut o',
        '{"act":"undo","add":[{"facet":"genre","op":"="',
    ],
)
def test_the_object_is_found_in_an_answer(answer):
    assert parse_object(answer)["act"] == "undo"


def test_an_answer_that_was_cut_off_keeps_what_was_whole():
    found = parse_object('{"act":"recommend","wish":["tense","bank heist"],"avoid":["viol')
    assert found == {"act": "recommend", "wish": ["tense", "bank heist"], "avoid": []}


@pytest.mark.parametrize("answer", ["", "none", "[1]", '{"act', "{" * 5000, '"{"', "<think>{"])
def test_an_answer_without_an_object_gives_none_or_nothing(answer):
    assert not parse_object(answer)


def test_facets_and_item_numbers_are_those_of_the_situation(situation):
    keys = reading_schema(situation)["properties"]
    assert keys["add"]["items"]["properties"]["facet"]["enum"] == ["genre", "pages", "author"]
    compared = keys["relative"]["items"]["properties"]
    assert compared["facet"]["enum"] == ["pages"]
    assert compared["anchor"]["enum"] == ["#1", "#2"]
    assert keys["asks"]["items"]["enum"] == ["genre", "pages", "author", "text"]


def test_keys_that_have_nothing_to_name_are_missing():
    keys = reading_schema(Situation(schema=Schema("x", ()), text="hi"))["properties"]
    assert not {"add", "remove", "relative"} & keys.keys()
    assert list(keys)[0] == "act"


def test_the_strict_form_requires_every_key_of_every_object(situation):
    def objects(node):
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            for value in node.values():
                yield from objects(value)

    for node in objects(reading_schema(situation, strict=True)):
        assert node["required"] == list(node["properties"])
        assert node["additionalProperties"] is False


def test_a_facet_may_be_called_act():
    schema = Schema("plays", (Facet("act", "number"), Facet("add", "category")))
    keys = reading_schema(Situation(schema=schema, text=""))["properties"]
    assert keys["add"]["items"]["properties"]["facet"]["enum"] == ["act", "add"]
    assert "recommend" in keys["act"]["enum"]
