import json
from pathlib import Path
from xml.etree import ElementTree

from bot.pocket.curve import draw


def test_the_curve_is_a_picture_of_the_log(tmp_path: Path) -> None:
    log = tmp_path / "curve.jsonl"
    rows = [{"step": s, "loss": 4.0 / s} for s in (1, 2, 3, 3)]
    log.write_text("".join(json.dumps(r) + "\n" for r in rows))
    draw(log, 32, tmp_path / "curve.svg")
    drawn = ElementTree.parse(tmp_path / "curve.svg").getroot()
    (line,) = [e for e in drawn.iter() if e.tag.endswith("polyline")]
    assert len(line.attrib["points"].split()) == 3
