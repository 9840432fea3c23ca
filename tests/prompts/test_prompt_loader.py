from importlib.resources import files

import pytest

from prompts import loader
from prompts.loader import BadFill, Template, UnknownPrompt


def test_every_template_loads_and_ends_without_a_line_break():
    names = [f.name[:-3] for f in files("prompts").iterdir() if f.name.endswith(".md")]
    assert {"reading", "situation", "reason", "brief"} <= set(names)
    for name in names:
        template = loader.load(name)
        assert template.text and not template.text.endswith("\n")
        template.fill(**{gap: "x" for gap in template.gaps})


def test_a_dollar_in_a_value_opens_no_gap():
    template = Template("t", "It costs $price, $$1 more: $name.")
    assert template.fill(price="$name", name="$price") == "It costs $name, $1 more: $price."


@pytest.mark.parametrize("values", [{}, {"a": "x", "b": "y"}])
def test_values_must_match_the_gaps(values):
    with pytest.raises(BadFill, match=r"expected values for \['a'\].*prompts/t.md"):
        Template("t", "$a").fill(**values)


def test_worked_examples_fill_their_template():
    for examples, template in (("reading_examples", "situation"), ("reason_examples", "brief")):
        for shot in loader.examples(examples):
            assert loader.load(template).gaps <= shot.keys()


@pytest.mark.parametrize("name", ["nothing", "../bot/types", "loader.py", ""])
def test_an_unknown_prompt_is_refused_with_those_that_exist(name):
    with pytest.raises(UnknownPrompt, match="reading"):
        loader.load(name)
    with pytest.raises(UnknownPrompt, match="plain_chat"):
        loader.text(name)
    with pytest.raises(UnknownPrompt, match="reason_examples"):
        loader.examples(name)
