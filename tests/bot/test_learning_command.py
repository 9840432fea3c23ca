"""`concierge train` and `evaluate`: a file of interactions becomes a tracker that the bot uses."""

import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
import torch

from bot import cli
from bot.llm.fake import FakeLLM
from bot.reading import Reading
from bot.shelves.shelf import FILMS, films
from bot.shelves.trackers import tracker_folder, trained_tracker
from ranking.checkpoint import save_tracker
from ranking.lstm import InterestTracker, TrackerConfig
from retrieval.catalog import Catalog
from retrieval.embedding import HashEncoder
from retrieval.index import Index

ENCODER = HashEncoder()
IDS = [item.id for item in films()]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Index twelve films with hashed words; give the state folder."""
    monkeypatch.setenv("CONCIERGE_HOME", str(tmp_path))
    monkeypatch.setattr("retrieval.embedding.SentenceEncoder", lambda name: ENCODER)
    monkeypatch.setattr("bot.learning.SentenceEncoder", lambda name: ENCODER)
    Index.open("films", tmp_path, ENCODER, Catalog(replace(FILMS, name="films"), films())).close()
    return tmp_path


def rows() -> list[tuple[str, str, str, str]]:
    """Thirty people who see the films in one order, starting anywhere."""
    draw = random.Random(0)
    out = []
    for person in range(30):
        start = draw.randrange(len(IDS))
        for n in range(6):
            out.append((f"p{person}", IDS[(start + n) % len(IDS)], "4" if n else "1", str(n)))
    return out


def csv_file(path: Path, extra: str = "") -> Path:
    lines = "".join(f"{','.join(row)}\n" for row in rows())
    path.write_text(f"userId,movieId,rating,timestamp\n{lines}{extra}")
    return path


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["concierge", *arguments])
    code = cli.run()
    return code, *capsys.readouterr()


def train(monkeypatch, capsys, file: Path, *more: str) -> tuple[int, str, str]:
    given = ("train", str(file), "--catalog", "films", "--epochs", "4", "--device", "cpu")
    return run(monkeypatch, capsys, *given, "--precision", "no", *more)


def test_a_trained_tracker_is_kept_and_found(home: Path, monkeypatch, capsys) -> None:
    code, out, err = train(monkeypatch, capsys, csv_file(home / "ratings.csv"))
    assert (code, err) == (0, "")
    assert "180 interactions of 30 people with 12 items" in out
    assert "| trained tracker |" in out and "| popularity |" in out
    assert "concierge serve --catalog films" in out
    tracker = trained_tracker(home, "films", ENCODER.name)
    assert tracker is not None and set(tracker.config.ids) == set(IDS)
    folder = tracker_folder(home, "films")
    assert (folder / "curve.svg").is_file() and not list(folder.glob("run-*"))
    code, out, _ = run(
        monkeypatch, capsys, "evaluate", str(home / "ratings.csv"), "--catalog", "films"
    )
    assert code == 0 and "| trained tracker |" in out


def test_parquet_holds_the_same_as_csv(home: Path, monkeypatch, capsys) -> None:
    columns = dict(zip(("user", "item", "rating", "time"), zip(*rows(), strict=True), strict=True))
    table = pyarrow.table({name: list(values) for name, values in columns.items()})
    pyarrow.parquet.write_table(table, home / "ratings.parquet")
    code, out, _ = train(monkeypatch, capsys, home / "ratings.parquet")
    assert code == 0 and "180 interactions of 30 people with 12 items" in out


def test_broken_rows_and_unknown_items_are_told_by_line(home: Path, monkeypatch, capsys) -> None:
    extra = "p1,no-such-film,3,9\nbroken\np1,,3,9\n"
    code, _, err = train(monkeypatch, capsys, csv_file(home / "ratings.csv", extra))
    assert code == 0
    assert err.splitlines() == [
        "ratings.csv, line 182: left out: films has no item 'no-such-film'",
        "ratings.csv, line 183: left out: expected 4 cells, got 1",
        "ratings.csv, line 184: left out: expected a user and an item, got 'p1' and ''",
    ]


def test_comments_take_the_place_of_ratings(home: Path, monkeypatch, capsys) -> None:
    file = home / "comments.csv"
    lines = "".join(f"{u},{i},{'bad' if r == '1' else 'good'},{t}\n" for u, i, r, t in rows())
    file.write_text(f"user,item,comment,time\n{lines}")

    class Judge:
        name = "by words"

        def of(self, comments: Sequence[str]) -> tuple[str, ...]:
            return tuple("liked" if "good" in text else "disliked" for text in comments)

    monkeypatch.setattr("bot.learning.comment_judge", lambda _: Judge())
    llm = FakeLLM(readings=lambda _: Reading(act="recommend", wish=("pace",)))
    monkeypatch.setattr("bot.learning.build_llm", lambda *_: llm)
    code, out, _ = train(monkeypatch, capsys, file)
    assert code == 0 and "180 comments read by fake: 150 liked, 30 disliked" in out
    assert "most named: pace (180)" in out
    assert len(llm.situations) == 24  # each film in good words and in bad ones


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("user,when\na,1\n", "expected a column that names the item"),
        ("user,item\na,x\nb,y\n", "expected people with three or more items of films"),
    ],
)
def test_files_that_teach_nothing_are_refused_in_one_line(
    home: Path, monkeypatch, capsys, content: str, said: str
) -> None:
    file = home / "few.csv"
    file.write_text(content)
    code, _, err = train(monkeypatch, capsys, file)
    assert code == 1 and said in err.splitlines()[-1]


def test_an_unknown_device_or_catalogue_is_refused(home: Path, monkeypatch, capsys) -> None:
    file = csv_file(home / "ratings.csv")
    code, _, err = train(monkeypatch, capsys, file, "--device", "abacus")
    assert code == 2 and "'abacus' is not one of" in err
    code, _, err = train(monkeypatch, capsys, file, "--catalog", "nowhere")
    assert code == 2 and "nowhere" in err


def test_where_the_shipped_tracker_ranks_better_it_stays_in_use(
    home: Path, monkeypatch, capsys
) -> None:
    class Knowing:
        """Stands for a shipped tracker that always knows what comes next."""

        name = "shipped tracker"

        def __init__(self, rows: dict[str, int]) -> None:
            self._rows = rows

        def scores(self, histories):  # noqa: ANN202
            out = torch.zeros(len(histories), len(IDS))
            for row, history in enumerate(histories):
                follower = IDS[(IDS.index(history[-1].item) + 1) % len(IDS)]
                out[row, self._rows[follower]] = 1.0
            return out

    save_tracker(
        InterestTracker(TrackerConfig(4, 4, ENCODER.name, 3, ("a",))),
        tracker_folder(home, "films"),
    )
    monkeypatch.setattr("bot.learning._shipped", lambda lesson: [Knowing(lesson.corpus.rows)])
    code, out, _ = train(monkeypatch, capsys, csv_file(home / "ratings.csv"), "--rate", "0")
    assert code == 0 and "the shipped tracker ranks films better and stays in use" in out
    assert trained_tracker(home, "films", ENCODER.name) is None


def test_a_tracker_of_another_encoder_is_not_used(home: Path, caplog) -> None:
    tracker = InterestTracker(TrackerConfig(4, 4, "another", 3, ("a",)))
    save_tracker(tracker, tracker_folder(home, "films"))
    assert trained_tracker(home, "films", ENCODER.name) is None
    assert "trained with the encoder another" in caplog.text
    assert trained_tracker(home, "elsewhere", ENCODER.name) is None


def test_the_bot_ranks_with_a_catalogues_own_tracker(home: Path) -> None:
    from bot.memory.taste import Taste
    from ranking.types import Event

    torch.manual_seed(0)
    config = TrackerConfig(ENCODER.dimension, 8, ENCODER.name, 5, tuple(IDS))
    index = Index.open("films", home, ENCODER)
    taste = Taste(InterestTracker(config).eval(), index)
    interest = taste.interest((Event(IDS[0], "liked"), Event(IDS[1], "disliked", 5.0)))
    assert interest is not None and interest.shape == (5,)
    assert taste.vectors(IDS[:3]).shape == (3, 5)
    assert taste.points((Event(IDS[0], "liked"),)) != ()
    index.close()
