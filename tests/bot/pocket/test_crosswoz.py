import gzip
import json
from pathlib import Path

import pytest

from bot.pocket.crosswoz import messages


def _talk(path: Path, *turns: tuple[str, str, list[list[str]]]) -> Path:
    rows = [{"role": r, "content": c, "dialog_act": a} for r, c, a in turns]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump({"1": {"messages": rows}}, file, ensure_ascii=False)
    return path


def test_an_informed_wish_becomes_a_constraint(tmp_path: Path) -> None:
    acts = [
        ["Inform", "酒店", "价格", "400-500元"],
        ["Inform", "酒店", "酒店类型", "舒适型"],
        ["Request", "酒店", "名称", ""],
    ]
    text = "想找价格400-500元的舒适型酒店"
    ((situation, reading),) = messages(_talk(tmp_path / "a.gz", ("usr", text, acts)), 1)
    assert reading.act == "recommend"
    assert [(a.op, a.text) for a in reading.add] == [("<>", "400-500元"), ("=", "舒适型")]
    assert {a.facet for a in reading.add} <= {f.name for f in situation.schema.facets}


def test_a_question_is_about_the_item_named_before(tmp_path: Path) -> None:
    path = _talk(
        tmp_path / "a.gz",
        ("sys", "推荐故宫", [["Inform", "景点", "名称", "故宫"]]),
        ("usr", "门票多少钱？", [["Request", "景点", "门票", ""]]),
    )
    ((situation, reading),) = messages(path, 1)
    assert reading.act == "answer" and reading.refers == ("#1",) and len(reading.asks) == 1
    assert situation.shown == ("故宫",)


@pytest.mark.parametrize(
    "acts",
    [
        [["Inform", "餐馆", "人均消费", "50-100元"]],
        [["Inform", "酒店", "价格", "900元以上"]],
        [["Inform", "酒店", "价格", "900元"], ["Request", "景点", "门票", ""]],
    ],
    ids=["another domain", "a value that was not said", "two domains"],
)
def test_what_a_recommender_cannot_say_is_left_out(tmp_path: Path, acts: list[list[str]]) -> None:
    path = _talk(tmp_path / "a.gz", ("usr", "人均消费50-100元", acts))
    assert list(messages(path, 1)) == []
