"""Scripts as files: what may stand in them, and what is said of every mistake."""

import pytest

from bot.scripted.errors import NoScripts
from bot.scripted.form import Feedback, Turn
from bot.scripted.mistakes import BrokenScript
from bot.scripted.parsing import gather, read_script, read_scripts
from bot.scripted.vocabulary import unknown_names

DESIGNED = """\
name: a comedy from the nineties, then shorter
catalog: movies
turns:
  - user: I'd like a comedy from the nineties
    expect: {act: recommend, items: {every: {genres: {has: comedy}, year: {between: [1990, 1999]}}}}
  - user: shorter
    expect: {items: {every: {genres: {has: comedy}}, max: {runtime: {less_than: previous}}}}
  - feedback: {item: "items[0]", kind: like}
  - user: who directed the first one?
    expect: {act: answer, reply: {mentions: "items[0].director"}}
"""


def mistakes(script, text):
    with pytest.raises(BrokenScript) as caught:
        script(text)
    return caught.value.mistakes


def test_a_script_is_read_as_it_is_designed(script):
    written = script(DESIGNED)
    first, second, mark, last = written.script.turns
    assert written.script.catalog == "movies" and isinstance(mark, Feedback)
    assert isinstance(first, Turn) and first.expect.act == ("recommend",)
    assert first.expect.items.every["year"].between == (1990, 1999)
    assert second.expect.items.max["runtime"].less_than == "previous"
    assert last.expect.reply.mentions == ("items[0].director",) and last.expect.grounded
    assert [written.line("turns", n) for n in range(4)] == [4, 6, 8, 9]


def test_words_that_older_yaml_takes_for_something_else_are_words(script):
    text = "  - user: no\n  - user: 1917\n  - user: 12:30\n  - user: yes\n"
    assert [t.user for t in script(text).script.turns] == ["no", "1917", "12:30", "yes"]
    wanted = script(
        "  - user: a\n    expect: {understood: {constraints: {include: [[genres, =, comedy], "
        '[runtime, "~", 90], [year, "<>", [1990, 1999]]]}}}\n'
    )
    include = wanted.script.turns[0].expect.understood.constraints.include
    assert [(w.op, w.value) for w in include] == [
        ("=", ("comedy",)),
        ("~", 90.0),
        ("<>", (1990.0, 1999.0)),
    ]


@pytest.mark.parametrize(
    ("expect", "place", "says"),
    [
        ("{act: recomend}", "turns[0].expect.act[0]", "did you mean recommend?"),
        ("{itms: {}}", "turns[0].expect.itms", "did you mean items?"),
        ("{items: {count: {min: '3'}}}", "turns[0].expect.items.count.min", "a whole number"),
        ("{items: {evry: {}}}", "turns[0].expect.items.evry", "did you mean every?"),
        ("{items: {every: {year: {beetween: [1, 2]}}}}", "year.beetween", "mean between?"),
        ("{items: {every: {year: {between: [2, 1]}}}}", "year.between", "lower number first"),
        ("{items: {every: {year: {at_most: new}}}}", "year.at_most", "a number"),
        ("{items: {every: {year: {}}}}", "every.year", "a test"),
        ("{items: {max: {year: {less_than: before}}}}", "less_than", "a number or previous"),
        ("{items: {none_of: seen}}", "none_of", "'shown'"),
        ("{understood: {likes: [Heat]}}", "understood.likes", "include, exclude"),
        ("{understood: {likes: {include: Heat}}}", "likes.include", "a list"),
        ("{understood: {constraints: {include: [[a, <, 3]]}}}", "include[0]", "write '<='"),
        ("{understood: {constraints: {include: [[a, '=']]}}}", "include[0]", "[facet, operator,"),
        ("{reply: {mentions: 'items[0'}}", "mentions[0]", "items[0].director"),
        ("{reply: {matches: '('}}", "matches", "a regular expression"),
        ("{reply: {question: 'yes'}}", "question", "true or false"),
        ("{reply: {language: fr}}", "language", "'en' or 'zh'"),
        ("{latency: {max_ms: 0}}", "max_ms", "greater than 0"),
        ("{grounded: maybe}", "grounded", "true or false"),
        ("recommend", "turns[0].expect", "a mapping with"),
    ],
)
def test_every_mistake_is_told_with_its_place_and_remedy(script, expect, place, says):
    found = mistakes(script, f"  - user: a\n\n    expect: {expect}\n")
    assert len(found) == 1
    assert found[0].line == 6 and found[0].where.endswith(place)
    told = str(found[0])
    assert told.startswith(f"{found[0].file}:6: ") and "expected " in told and ", got " in told
    assert says in told and "; " in told


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("- a\n", 1, "name and turns"),
        ("name: a\nturns:\n  - user: a\n   - b\n", 4, "expected YAML"),
        ("name: a\nname: b\nturns: [{user: a}]\n", 2, "each key once"),
        ("name: a\nturns:\n  - user: &x a\n  - user: *x\n", 3, "anchor"),
        ("name: a\nturns:\n  - user: !secret a\n", 3, "'!secret'"),
        ("name: a\nturns: []\n", 2, "at least one entry"),
        ("turns: [{user: a}]\n", 1, "the key name"),
        ("name: a\nturns:\n  - feedback: {item: a, kind: love}\n", 3, "'like', 'dislike'"),
        ("name: a\nturns:\n  - usr: a\n", 3, "did you mean user?"),
        ("name: a\nturns: " + "[" * 3000 + "]" * 3000, 1, "levels"),
    ],
)
def test_a_file_that_is_no_script_is_told_with_its_line(tmp_path, text, line, says):
    file = tmp_path / "one.chat.yaml"
    file.write_text(text)
    with pytest.raises(BrokenScript) as caught:
        read_script(file)
    assert any(m.line == line and says in str(m) for m in caught.value.mistakes)


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path, script):
    script("  - user: a\n", "good.chat.yaml")
    (tmp_path / "bad.chat.yaml").write_text("name: a\nturns:\n  - usr: a\n    expect: {act: no}\n")
    (tmp_path / "worse.chat.yaml").write_bytes(b"name: \xff\n")
    sound, found = read_scripts(gather([tmp_path]))
    assert [w.file.name for w in sound] == ["good.chat.yaml"]
    assert [(m.file.name, m.line) for m in found] == [
        ("bad.chat.yaml", 3),
        ("bad.chat.yaml", 3),
        ("bad.chat.yaml", 4),
        ("worse.chat.yaml", 1),
    ]


def test_folders_are_searched_and_what_is_not_there_is_told(tmp_path, script):
    script("  - user: a\n", "deep/er/b.chat.yaml")
    script("  - user: a\n", "a.chat.yaml")
    (tmp_path / "notes.yaml").write_text("no script")
    found = gather([tmp_path, tmp_path / "a.chat.yaml"])
    assert [f.name for f in found] == ["a.chat.yaml", "b.chat.yaml"]
    (tmp_path / "empty").mkdir()
    for nothing in (tmp_path / "empty", tmp_path / "gone.chat.yaml"):
        with pytest.raises(NoScripts, match="expected scripts at"):
            gather([nothing])


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ("{items: {every: {genre: {has: comedy}}}}", "did you mean genres?"),
        ("{items: {every: {genres: {has: comdey}}}}", "did you mean comedy?"),
        ("{items: {none: {director: {has: Nora Efron}}}}", "did you mean Nora Ephron?"),
        ("{items: {every: {year: {has: '1990'}}}}", "has for the number facet year"),
        ("{items: {every: {genres: {at_most: 3}}}}", "at_most for the category facet genres"),
        ("{items: {every: {genres: {is: 3}}}}", "is for the category facet genres"),
        ("{items: {max: {genres: {has: comedy}}}}", "a facet with numbers"),
        ("{items: {titles: {include: [Hoat]}}}", "did you mean Heat?"),
        ("{understood: {likes: {include: [Parasit]}}}", "did you mean Parasite?"),
        ("{understood: {constraints: {include: [[genres, '=', fun]]}}}", "a value of genres"),
        ("{understood: {constraints: {exclude: [[length, '<=', 9]]}}}", "a facet of films"),
        ("{understood: {constraints: {include: [[genres, '<=', 9]]}}}", "words for genres"),
        ("{understood: {constraints: {include: [[genres, '~', a]]}}}", "= or !="),
        ("{understood: {constraints: {without: [yeer]}}}", "did you mean year?"),
        ("{reply: {mentions: 'items[0].directer'}}", "did you mean director?"),
        ("{reply: {mentions: 'items[0]'}}", "a fact of the item"),
    ],
)
def test_what_the_catalogue_does_not_have_is_a_mistake_of_the_script(script, stock, expect, says):
    found = unknown_names(script(f"  - user: a\n\n    expect: {expect}\n"), stock)
    assert len(found) == 1 and found[0].line == 6 and says in str(found[0])


def test_what_the_catalogue_has_is_no_mistake(script, stock):
    text = """\
  - user: a
    expect:
      items:
        every: {genres: {has_any: [Comedy, drama]}, director: {has: bong joon ho}}
        first: {title: {is: Heat}, keywords: {has: anything at all}}
        titles: {include: [youve got mail], exclude: [Made Up]}
      understood: {constraints: {include: [[year, "<>", [1990, 1999]], [cast, "=", Tom Hanks]]}}
      reply: {mentions: [Heat, "shown[0].runtime"]}
  - feedback: {item: Heat, kind: like}
"""
    assert unknown_names(script(text), stock) == ()
