"""The learning curve of a training as a picture: loss over examples, as SVG."""

import json
from pathlib import Path

_W, _H, _LEFT, _BOTTOM = 640, 320, 56, 40


def draw(log: Path, batch: int, out: Path) -> None:
    """Draw a training's log.

    Parameters
    ----------
    log
        Lines of `{"step": …, "loss": …}`; of a step logged twice (after a resume) the last counts.
    batch
        Examples of a step.
    out
        The SVG file to write.
    """
    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    points = sorted({row["step"] * batch: row["loss"] for row in rows}.items())
    most, top = points[-1][0], max(loss for _, loss in points)

    def place(examples: float, loss: float) -> str:
        x = _LEFT + (_W - _LEFT - 10) * examples / most
        y = 10 + (_H - _BOTTOM - 10) * (1 - loss / top)
        return f"{x:.1f},{y:.1f}"

    path = " ".join(place(*point) for point in points)
    levels = [top * part / 4 for part in range(5)]
    grid = "".join(
        f'<line x1="{_LEFT}" x2="{_W - 10}" y1="{y}" y2="{y}" stroke="#ddd"/>'
        f'<text x="{_LEFT - 8}" y="{float(y) + 4}" text-anchor="end">{level:.1f}</text>'
        for level in levels
        for y in [place(0, level).split(",")[1]]
    )
    marks = "".join(
        f'<text x="{place(most * part / 4, 0).split(",")[0]}" y="{_H - 16}" '
        f'text-anchor="middle">{most * part / 4 / 1000:.0f}k</text>'
        for part in range(5)
    )
    out.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_W} {_H}" role="img" '
        f'font-family="sans-serif" font-size="12" fill="#444">'
        f"<title>Training loss over examples</title>"
        f'<rect width="{_W}" height="{_H}" fill="#fff"/>{grid}{marks}'
        f'<text x="{_W - 10}" y="{_H - 2}" text-anchor="end">examples</text>'
        f'<polyline points="{path}" fill="none" stroke="#2563eb" stroke-width="2"/></svg>\n',
        encoding="utf-8",
    )
