"""Everything of people and items is shown as text."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.types import Conversation, Exchange, Recommendation, Reply, Understood
from bot.web import chips, transcript
from bot.web.cards import Marks, card
from bot.web.comparison import table
from bot.web.export import markdown
from bot.web.markup import tag, text
from bot.web.past import newest, whole
from bot.web.poster import poster, wrapped
from bot.web.view import View
from ranking.types import Why
from retrieval.types import Constraint, Facet, Item, Schema

EVIL = (
    "<img src=x onerror=alert(1)>\"'`${alert(1)}{{constructor}}</script><script>alert(2)</script>"
)
SCHEMA = Schema("films", (Facet("genres", "category"), Facet("year", "number", unit="year")))


class Tags(HTMLParser):
    """The tags and attributes that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.names: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


def harmless(html: str) -> Tags:
    seen = Tags(html)
    assert not {"img", "script", "iframe", "a", "object", "link"} & set(seen.tags)
    assert not [name for name in seen.names if name.startswith("on") or name in ("src", "href")]
    return seen


@given(st.text())
def test_text_comes_out_as_it_went_in(words: str) -> None:
    plain = "".join(c for c in words if c.isprintable() and ord(c) not in range(0x200E, 0x2070))
    assert Tags(tag("p", text(plain), title=plain)).words == plain
    assert Tags(tag("p", text(words))).tags == ["p"]


def test_direction_overrides_and_control_characters_are_dropped() -> None:
    assert text("a\u202eb\u0000c\u001b[31m\ud83d") == "abc[31m"


def test_an_item_of_evil_texts_makes_a_harmless_card() -> None:
    item = Recommendation(
        EVIL, EVIL, {"genres": (EVIL,), "year": 1999}, 1.0, EVIL, Why(0.5, 0.2, 0.1, 0.0, (EVIL,))
    )
    seen = harmless(card(item, 1, SCHEMA, Marks()))
    assert EVIL in seen.words


def test_a_talk_of_evil_texts_makes_a_harmless_page() -> None:
    wish = Understood(
        "recommend", add=(Constraint("genres", "=", (EVIL,)),), wish=(EVIL,), avoid=(EVIL,)
    )
    talk = Conversation(
        EVIL, "films", history=(Exchange(EVIL, Reply(EVIL, "recommend", 1, (), wish)),) * 2
    )
    view = View(Schema("films", SCHEMA.facets, openings=(EVIL,)), talk)
    for turn in newest(view, keep_last=True).turns + whole(view).turns:
        harmless(turn)
    harmless(transcript.last(view))
    harmless(transcript.pending(EVIL, EVIL))
    harmless(transcript.failed(EVIL, EVIL))
    harmless(table((Item(EVIL, EVIL, EVIL, {"genres": (EVIL,)}),) * 2, SCHEMA))
    harmless(transcript.opening(EVIL))
    harmless(transcript.empty(view.schema, EVIL))
    harmless(chips.row(chips.of_understood(wish, SCHEMA, view.title), True, EVIL))


def test_an_exported_talk_of_evil_texts_runs_links_and_loads_nothing() -> None:
    evil = "![x](http://e.example/p.png) <img src=x> [a](javascript:alert) https://e.example\n# x"
    reply = Reply(evil, "recommend", 1, (), Understood("recommend"))
    talk = Conversation("t", evil, history=(Exchange(evil, reply),), likes=(evil,))
    written = markdown(View(SCHEMA, talk), talk)
    drawn = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(written)
    assert not {"img", "a"} & set(Tags(drawn).tags)
    assert Tags(drawn).tags.count("h1") == 1 and evil.splitlines()[0] in Tags(drawn).words


def test_a_year_that_stands_in_the_title_is_not_said_again() -> None:
    def heading(title: str) -> str:
        item = Recommendation("x", title, {"year": 2024}, 1.0, "", Why(0.5, 0.2, 0.1))
        return card(item, 1, SCHEMA, Marks()).split("<h2>")[1].split("</h2>")[0]

    assert heading("Hero").count("2024") == heading("Hero (2024)").count("2024") == 1


@given(st.text(min_size=1, max_size=150), st.text(max_size=40))
def test_any_title_makes_a_poster_of_at_most_four_lines(title: str, theme: str) -> None:
    lines, size = wrapped(title)
    assert 1 <= len(lines) <= 4 and size >= 10
    seen = harmless(poster(title, theme, "1999", title))
    assert seen.tags[0] == "svg"


def test_a_poster_is_the_same_on_every_start() -> None:
    assert poster("Heat", "crime", "1995") == poster("Heat", "crime", "1995")
    assert poster("Heat", "crime", "1995") != poster("Alien", "crime", "1995")
