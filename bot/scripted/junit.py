"""A run as JUnit XML, as CI systems read it: one test suite, one test case a script."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

from bot.scripted.errors import ReportNotWritten
from bot.scripted.mistakes import Mistake
from bot.scripted.report import detail_lines, first_failure
from bot.scripted.runner import Outcome

# What XML 1.0 cannot hold.
_UNSPEAKABLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(outcomes: Sequence[Outcome], mistakes: Sequence[Mistake] = ()) -> bytes:
    """Return a run as XML in UTF-8.

    Failing scripts are failures; those that ended early and broken files are errors.
    """
    suite = ET.Element("testsuite", name="concierge", tests=str(len(outcomes) + len(mistakes)))
    failed = sum(not o.expected and not o.error for o in outcomes)
    known = sum(o.expected and not o.passed for o in outcomes)
    suite.set("failures", str(failed))
    errors = sum(bool(o.error) and not o.expected for o in outcomes)
    suite.set("errors", str(errors + len(mistakes)))
    suite.set("skipped", str(known))
    suite.set("time", f"{sum(o.seconds for o in outcomes):.3f}")
    for outcome in outcomes:
        _case(suite, outcome)
    for mistake in mistakes:
        case = ET.SubElement(suite, "testcase", classname=str(mistake.file), name="form")
        case.set("file", str(mistake.file))
        case.set("line", str(mistake.line))
        ET.SubElement(case, "error", type="BrokenScript", message=_clean(str(mistake)))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _case(suite: ET.Element, outcome: Outcome) -> None:
    file = str(outcome.written.file)
    name = _clean(outcome.written.script.name)
    case = ET.SubElement(suite, "testcase", classname=file, name=name, file=file)
    first = outcome.failed[0].line if outcome.failed else 1
    case.set("line", str(first))
    case.set("time", f"{outcome.seconds:.3f}")
    if outcome.passed:
        return
    if outcome.expected:
        ET.SubElement(case, "skipped", message=_clean(str(outcome.written.script.known)))
        return
    kind = "error" if outcome.error else "failure"
    told = ET.SubElement(case, kind, message=_clean(outcome.error or first_failure(outcome)))
    told.text = _clean("\n".join(detail_lines(outcome)))


def _clean(text: str) -> str:
    return _UNSPEAKABLE.sub("�", text)


def write_junit(file: Path, outcomes: Sequence[Outcome], mistakes: Sequence[Mistake] = ()) -> None:
    """Write a run as XML; the folder is made if it is missing.

    Raises
    ------
    ReportNotWritten
        If the file cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(junit_xml(outcomes, mistakes))
    except OSError as error:
        raise ReportNotWritten(
            f"expected to write the report {file}, got {error.strerror}; name another file"
        ) from error
