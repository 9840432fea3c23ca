"""Whole simulations over twelve films, and the measures on talks worked out by hand."""

import json
import sys

import pytest

from bot import cli, trial
from bot.llm.fake import FakeLLM, silent
from bot.reading import Added, Compared, Reading
from bot.running import starting
from bot.shelves.shelf import FILMS, films
from bot.simulator.judging import MEASURES, adapted, cases
from bot.simulator.partners import BotTalk, Reader
from bot.simulator.report import result_json, table
from bot.simulator.running import BASELINE, BOT, simulate
from bot.simulator.types import Change, Heard, Move, Step, Talk, Wish
from bot.simulator.world import World
from retrieval.types import Constraint

WORLD = World(FILMS, films())
COMEDY = Wish("a comedy", "genres", Constraint("genres", "=", ("comedy",)))
SHORT = Wish("under two hours", "runtime", Constraint("runtime", "<=", 120.0))
SPACE = Wish("think space", "keywords", Constraint("keywords", "=", ("space",)), theme=True)


def heard(*ids, **parts):
    return Heard(parts.pop("text", ""), "recommend", tuple(WORLD.items[i] for i in ids), **parts)


def measured(*steps, found=None, closing=None):
    return cases(Talk(0, "airplane", steps, found, closing), WORLD)


@pytest.fixture
def bot(tmp_path):
    made = []

    def make(*readings):
        made.append(trial.build(tmp_path, FakeLLM(readings, silent) if readings else None))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_an_item_counts_when_it_meets_every_standing_wish():
    step = Step(Move("open", "", (COMEDY, SHORT)), heard("airplane", "heat"), (COMEDY, SHORT))
    found = measured(step)
    assert found["satisfaction"] == [1.0, 0.0] and found["grounding"] == []


def test_a_wish_announced_as_given_up_is_not_counted():
    given_up = Constraint("runtime", "<=", 120.0)
    step = Step(
        Move("wish", "", (SHORT,)),
        heard("forrest-gump", announced=(given_up,)),
        (COMEDY, SHORT),
        (COMEDY,),
    )
    assert measured(step)["satisfaction"] == [1.0]
    only = Step(Move("open", "", (SHORT,)), heard("heat", announced=(given_up,)), (SHORT,))
    assert measured(only)["satisfaction"] == []
    other = Step(
        Move("open", "", (COMEDY,)),
        heard("heat", announced=(Constraint("genres", "=", ("horror",)),)),
        (COMEDY,),
    )
    assert measured(other)["satisfaction"] == [0.0]


def test_grounding_counts_each_earlier_wish_of_each_item():
    step = Step(
        Move("wish", "", (SHORT,)), heard("forrest-gump", "alien"), (COMEDY, SHORT), (COMEDY,)
    )
    assert measured(step)["grounding"] == [1.0, 0.0]


def test_themes_are_counted_apart_and_may_stand_in_the_text():
    step = Step(Move("open", "", (SPACE,)), heard("alien", "heat"), (SPACE,))
    found = measured(step)
    assert found["themes"] == [1.0, 0.0] and found["satisfaction"] == []


def test_items_shown_again_are_counted():
    first = Step(Move("open", ""), heard("alien", "heat"))
    second = Step(Move("others", ""), heard("heat", "airplane"))
    found = measured(first, second, found=2)
    assert found["repeats"] == [0.0, 0.0, 1.0, 0.0]
    assert found["success"] == [1.0] and found["turns"] == [2.0]
    assert measured(first)["success"] == [0.0] and measured(first)["turns"] == []


def test_a_reference_is_right_when_it_means_that_item_and_no_other_in_sight():
    move, sight = Move("similar", "", points_at="heat"), ("alien", "heat")

    def right(*taken):
        step = Step(move, heard("parasite", referred=frozenset(taken)), sight=sight)
        return measured(step)["reference"]

    assert right("heat") == [1.0] and right("heat", "parasite") == [1.0]
    assert right() == [0.0] and right("alien") == [0.0] and right("alien", "heat") == [0.0]


def test_a_question_is_answered_by_the_title_and_the_fact():
    def answered(text, asks="runtime", ids=()):
        move = Move("question", "", points_at="heat", asks=asks)
        return measured(Step(move, heard(*ids, text=text)))["answered"]

    assert answered("Heat runs 170 minutes.") == [1.0]
    assert answered("It runs 170 minutes.") == [0.0] and answered("Heat is long.") == [0.0]
    assert answered("Heat: with Al Pacino.", "cast") == [1.0]
    assert answered("Heat runs 170 minutes.", ids=("alien",)) == [0.0]


@pytest.mark.parametrize(
    ("change", "ids", "shown"),
    [
        (Change("number", "runtime", up=False, pivot=119), ("alien", "airplane"), True),
        (Change("number", "runtime", up=False, pivot=117), ("alien", "airplane"), False),
        (Change("number", "runtime", up=True, pivot=119), ("heat", "alien"), False),
        (Change("without", "genres", "horror"), ("heat", "airplane"), True),
        (Change("without", "genres", "horror"), ("heat", "alien"), False),
        (Change("nearer", anchor="alien", pivot=0.2), ("the-host", "blade-runner"), True),
        (Change("farther", anchor="alien", pivot=0.2), ("the-host", "blade-runner"), False),
        (Change("farther", anchor="alien", pivot=1.1), ("alien", "airplane"), False),
        (Change("without", "genres", "horror"), (), False),
    ],
)
def test_a_change_is_shown_by_the_next_items(change, ids, shown):
    assert adapted(change, [WORLD.items[i] for i in ids], WORLD) is shown


def test_the_bots_reply_is_heard_with_what_it_referred_to_and_gave_up(bot):
    horror = Reading(
        act="recommend",
        add=(
            Added(facet="genres", op="=", text="horror"),
            Added(facet="runtime", op="<=", text="90 minutes"),
        ),
    )
    older = Compared(facet="year", direction="less", text="older", anchor="#1")
    asked = Reading(act="answer", refers=("#2",), asks=("runtime",))
    shown = Reading(act="recommend", relative=(older,))
    talk = BotTalk(bot(horror, asked, shown), "films")
    first = talk.say("horror under 90 minutes")
    assert [c.facet for c in first.announced] == ["runtime"]
    assert [item.id for item in first.items] == ["the-host", "alien"] or len(first.items) == 2
    assert first.unsupported == ((), ()) and first.referred == frozenset()
    second = talk.say("how long is the second?")
    assert second.referred == {first.items[1].id} and second.items == ()
    third = talk.say("older than the first one")
    assert third.referred == {first.items[0].id}


def test_the_baseline_shows_the_nearest_items_and_none_twice(bot):
    index = bot().catalogs["films"]
    reader = Reader(index)
    shown = [item.id for _ in range(4) for item in reader.say("feel-good time loop").items]
    assert len(shown) == len(set(shown)) == len(index)
    assert reader.say("more").items == ()
    assert index.get([shown[0]])[0].title in Reader(index).say("feel-good time loop").text


def test_everybody_talks_to_both_systems_and_nothing_of_it_is_kept(bot):
    made = bot()
    result = simulate(made, "films", people=6, turns=4, seed=3)
    assert set(result.talks) == {BOT, BASELINE}
    for talks in result.talks.values():
        assert [talk.person for talk in talks] == list(range(6))
    opened = [[t.steps[0].move.text for t in talks] for talks in result.talks.values()]
    assert opened[0] == opened[1]
    assert made._sessions.saver.conn.execute("select count(*) from checkpoints").fetchone() == (0,)
    again = simulate(made, "films", people=6, turns=4, seed=3, jobs=3)
    assert [t.found for t in again.talks[BOT]] == [t.found for t in result.talks[BOT]]
    assert again.talks[BASELINE] == result.talks[BASELINE]


def test_the_report_has_every_measure_of_both_systems_and_the_marks(bot):
    result = simulate(bot(), "films", people=4, turns=3, seed=0)
    text, data = table(result), result_json(result)
    for words in MEASURES.values():
        assert words in text
    assert "76.4" in text and "71.5" in text and "68.3" in text and BASELINE in text
    assert set(data["systems"][BOT]) == set(MEASURES)
    assert data["systems"][BASELINE]["unsupported"]["mean"] is None
    assert json.loads(json.dumps(data)) == data


def test_the_command_prints_a_table_or_json(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("CONCIERGE_HOME", str(tmp_path))
    monkeypatch.setenv("CONCIERGE_CATALOG", "films")
    monkeypatch.setattr("bot.app.build", lambda settings, progress: trial.build(settings.home))
    monkeypatch.setattr(starting, "check_catalog", lambda settings: None)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["concierge", "simulate", "--n", "2", *arguments])
        code = cli.run()
        return code, *capsys.readouterr()

    code, out, err = run("--turns", "2")
    assert (code, err) == (0, "") and "2 simulated people, films, at most 2 turns" in out
    code, out, err = run("--json", "--jobs", "2", "--seed", "5")
    assert (code, err) == (0, "") and json.loads(out)["seed"] == 5
    assert run("--n", "0")[0] == 2
