"""The reason that is put together from facts, in both languages."""

from bot.checking.checker import check
from bot.shelves.shelf import FILMS, films
from bot.types import Wishes
from bot.voice.explanation import Case, brief
from bot.voice.matching import match
from bot.voice.phrasing import Seed, phrases
from bot.voice.plain_reason import plain_reason
from retrieval.schema import with_values
from retrieval.types import Constraint
from retrieval.values import count_values

SCHEMA = with_values(FILMS, count_values(FILMS, films()))
ITEM = next(i for i in films() if "comedy" in i.facts["genres"])
LONG = Constraint("runtime", "<=", 300.0)
NO_WAR = Constraint("genres", "!=", ("war",))
WISHES = Wishes((Constraint("genres", "=", ("comedy",)), NO_WAR, LONG))


def plain(language, wishes, turn=0, liked=()):
    speak = phrases(language)
    case = Case(ITEM, match(ITEM, wishes, SCHEMA, speak), liked)
    return plain_reason(brief(case, SCHEMA, speak), "", SCHEMA, speak, Seed("s", turn))


def test_the_wishes_met_are_told_in_one_phrase():
    runtime = ITEM.facts["runtime"]
    for turn in range(6):
        said = plain("en", WISHES, turn)
        assert f"a {runtime}-minute comedy" in said.lower() and "war" not in said.lower()
        assert not check(said, ITEM, SCHEMA, ())


def test_it_is_chinese_where_chinese_is_spoken():
    for turn in range(5):
        said = plain("zh", WISHES, turn, ("Big",))
        assert f"片长{ITEM.facts['runtime']}分钟" in said and "喜剧片" in said
        assert "战争" not in said and "{" not in said


def test_what_an_item_is_not_is_told_where_nothing_else_was_wished():
    assert "no war" in plain("en", Wishes((NO_WAR,))).lower()
    assert "没有战争元素" in plain("zh", Wishes((NO_WAR,)))


def test_without_wishes_the_facts_speak():
    assert plain("en", Wishes()) != plain("en", Wishes(), 1)
    assert str(ITEM.facts["director"][0]) in plain("en", Wishes())


def test_there_is_always_something_to_say():
    speak = phrases("en")
    item = type(ITEM)("x", "X", "", {})
    case = Case(item, match(item, Wishes(), SCHEMA, speak))
    assert plain_reason(brief(case, SCHEMA, speak), "", SCHEMA, speak, Seed("s", 0))
