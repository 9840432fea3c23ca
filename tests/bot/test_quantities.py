"""Quantities: the numbers and ranges that a person's words carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quantity.quantities import Quantity, adjust, count, factor, number_spans, quantity
from retrieval.types import Facet, Op

YEAR = Facet("year", "number", "year")
RUNTIME = Facet("runtime", "number", "minutes")
PRICE = Facet("price", "number", "USD")
STORAGE = Facet("storage_gb", "number", "GB")
WEIGHT = Facet("weight_g", "number", "grams")
SCREEN = Facet("screen_in", "number", "inches")
HOURS = Facet("length", "number", "hours")

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
DIGITS = "零一二三四五六七八九"


def in_english(number: int) -> str:
    """Return a number below 100,000 in English words."""
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens - 2] + (f"-{ONES[ones]}" if ones else "")
    for scale, word in ((1000, "thousand"), (100, "hundred")):
        if number >= scale:
            head, rest = divmod(number, scale)
            joint = " and " if rest < 100 else " "
            return f"{in_english(head)} {word}" + (f"{joint}{in_english(rest)}" if rest else "")
    raise ValueError(f"expected a number below 100,000, got {number}")


def in_chinese(number: int) -> str:
    """Return a number below 10,000 in Chinese words."""
    words, gap = "", False
    for scale, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + sign
        gap = digit == 0
    return words or "零"


@pytest.mark.parametrize(
    ("span", "facet", "expected"),
    [
        ("$1,299.99", PRICE, 1299.99),
        ("1.299 €", PRICE, 1299),
        ("1k", PRICE, 1000),
        ("1.5k", PRICE, 1500),
        ("2 grand", PRICE, 2000),
        ("a grand", PRICE, 1000),
        ("500 bucks", PRICE, 500),
        ("twelve hundred", PRICE, 1200),
        ("seven fifty", PRICE, 750),
        ("99 cents", PRICE, 0.99),
        ("a dozen", Facet("seats", "number"), 12),
        ("half a terabyte", STORAGE, 500),
        ("1 TB", STORAGE, 1000),
        ("16 gigs", STORAGE, 16),
        ("an hour and a half", RUNTIME, 90),
        ("an hour and a half", HOURS, 1.5),
        ("one and a half kilos", WEIGHT, 1500),
        ("1.2 kg", WEIGHT, 1200),
        ("3 pounds", WEIGHT, 1361),
        ("2h", RUNTIME, 120),
        ("1h45", RUNTIME, 105),
        ("1:45", RUNTIME, 105),
        ("90 mins", RUNTIME, 90),
        ("two hours", RUNTIME, 120),
        ("three quarters of an hour", RUNTIME, 45),
        ("two hours ten", RUNTIME, 130),
        ("90 minutes", HOURS, 1.5),
        ('15.6"', SCREEN, 15.6),
        ("13-inch", SCREEN, 13),
        ("33 cm", SCREEN, 13),
        ("120", RUNTIME, 120),
        ("CHF 52", PRICE, 52),
        ("1.5 lakh", PRICE, 150_000),
        ("two pounds", Facet("weight", "number", "g"), 907),
        ("10k", Facet("walk", "number", "km"), 10),
        ("2700K", Facet("colour", "number", "kelvin"), 2700),
        ("20 hours a week", Facet("lessons", "number", "lessons a week"), 20),
    ],
)
def test_numbers_come_in_the_unit_of_the_facet(span: str, facet: Facet, expected: Quantity) -> None:
    assert quantity(span, facet) == expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("90s", (1990, 1999)),
        ("nineties", (1990, 1999)),
        ("the 1980s", (1980, 1989)),
        ("early 2000s", (2000, 2004)),
        ("mid 70s", (1973, 1977)),
        ("late eighties", (1985, 1989)),
        ("seventies through eighties", (1970, 1989)),
        ("'60s", (1960, 1969)),
        ("20th century", (1900, 1999)),
        ("1990 to 1999", (1990, 1999)),
        ("1995-99", (1995, 1999)),
        ("1994", 1994),
        ("'94", 1994),
        ("nineteen ninety four", 1994),
        ("two thousand and ten", 2010),
        ("last ten years", (2016, 2026)),
        ("past decade", (2016, 2026)),
        ("this year", 2026),
        ("last year", 2025),
        ("2010 to now", (2010, 2026)),
        ("九十年代", (1990, 1999)),
        ("八九十年代", (1980, 1999)),
        ("上世纪九十年代", (1990, 1999)),
        ("90年代", (1990, 1999)),
        ("1994年", 1994),
        ("最近五年", (2021, 2026)),
        ("去年", 2025),
        ("whenever", None),
    ],
)
def test_years_decades_and_centuries_are_understood(span: str, expected: Quantity | None) -> None:
    assert quantity(span, YEAR, today_year=2026) == expected


@pytest.mark.parametrize(
    ("span", "facet", "expected"),
    [
        ("700 and 1000", PRICE, (700, 1000)),
        ("5 to 7 hundred", PRICE, (500, 700)),
        ("1-2k", PRICE, (1000, 2000)),
        ("$500-$700", PRICE, (500, 700)),
        ("four or five hundred", PRICE, (400, 500)),
        ("10-15", SCREEN, (10, 15)),
        ("1 and 2 hours", RUNTIME, (60, 120)),
        ("an hour to two", RUNTIME, (60, 120)),
        ("an hour and a half and two hours", RUNTIME, (90, 120)),
        ("1 to 1.5 kg", WEIGHT, (1000, 1500)),
        ("两三个小时", RUNTIME, (120, 180)),
        ("三千到五千", PRICE, (3000, 5000)),
    ],
)
def test_two_numbers_make_a_range_and_share_a_unit(
    span: str, facet: Facet, expected: Quantity
) -> None:
    assert quantity(span, facet) == expected


@pytest.mark.parametrize(
    ("span", "facet", "expected"),
    [
        ("两个小时", RUNTIME, 120),
        ("一个半小时", RUNTIME, 90),
        ("两小时半", RUNTIME, 150),
        ("90分钟", RUNTIME, 90),
        ("五千", PRICE, 5000),
        ("五千块", PRICE, 5000),
        ("三千五", PRICE, 3500),
        ("1万", PRICE, 10_000),
        ("1.5万", PRICE, 15_000),
        ("一公斤", WEIGHT, 1000),
        ("十四寸", SCREEN, 14),
    ],
)
def test_chinese_numbers_are_read_like_others(span: str, facet: Facet, expected: Quantity) -> None:
    assert quantity(span, facet) == expected


def test_a_unit_of_another_kind_is_no_quantity() -> None:
    assert quantity("12 inches", PRICE) is None
    assert quantity("$500", RUNTIME) is None
    assert quantity("cheap", PRICE) is None


def test_a_currency_sign_may_stand_before_the_span() -> None:
    assert quantity("1.299", PRICE, before="max €") == 1299


@given(st.integers(0, 99_999))
def test_english_number_words_round_trip(number: int) -> None:
    assert quantity(in_english(number), RUNTIME) == number


@given(st.integers(1, 9_999))
def test_chinese_number_words_round_trip(number: int) -> None:
    assert quantity(in_chinese(number), RUNTIME) == number


@given(st.integers(1, 5_000_000), st.sampled_from(["{:,}", "{}", "${:,}", "{:,} dollars"]))
def test_separators_and_signs_do_not_change_a_price(number: int, form: str) -> None:
    assert quantity(form.format(number), PRICE) == number


@given(
    st.integers(1, 400), st.integers(1, 400), st.sampled_from(["{} to {}", "{}-{}", "{} and {}"])
)
def test_the_ends_of_a_range_come_in_order(first: int, second: int, form: str) -> None:
    found = quantity(form.format(first, second), RUNTIME)
    low, high = min(first, second), max(first, second)
    assert found == (low if low == high else (low, high))


@given(st.text(max_size=60), st.sampled_from([YEAR, RUNTIME, PRICE, WEIGHT]))
def test_no_text_breaks_the_reader(text: str, facet: Facet) -> None:
    found = quantity(text, facet, today_year=2026)
    if isinstance(found, tuple):
        assert found[0] < found[1]
    count(text)
    factor(text)
    for start, end in number_spans(text):
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    ("op", "value", "before", "after", "expected"),
    [
        (">=", 2005, "something after ", "", (">=", 2006)),
        (">=", 2005, "newer than ", "", (">=", 2006)),
        (">=", 2010, "since ", "", (">=", 2010)),
        ("<=", 1980, "before ", "", ("<=", 1979)),
        ("<=", 1980, "pre-", "", ("<=", 1979)),
        ("<=", 1980, "not after ", "", ("<=", 1980)),
        (">=", 1980, "not older than ", "", (">=", 1980)),
        (">=", (1990, 1999), "after the ", "", (">=", 2000)),
        (">=", (2016, 2026), "from the ", "", (">=", 2016)),
        ("<=", (1990, 1999), "before the ", "", ("<=", 1989)),
        ("=", (1990, 1999), "from the ", "", ("<>", (1990, 1999))),
        ("~", (1990, 1999), "around the ", "", ("<>", (1990, 1999))),
        ("<>", 1994, "", "", ("=", 1994)),
        ("<=", 1980, "", "年以前的片子", ("<=", 1979)),
        (">=", 2005, "", "年以后", (">=", 2006)),
    ],
)
def test_the_words_around_a_year_shift_its_bound(
    op: Op, value: Quantity, before: str, after: str, expected: tuple[Op, Quantity]
) -> None:
    assert adjust(op, value, before, YEAR, after) == expected


def test_bounds_that_are_no_years_stay_as_said() -> None:
    assert adjust("<=", 500, "under ", PRICE) == ("<=", 500)
    assert adjust("=", (500, 700), "", PRICE) == ("<>", (500, 700))


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("half the weight", 0.5),
        ("half as long", 0.5),
        ("twice", 2),
        ("twice the storage", 2),
        ("a third less", 0.6667),
        ("a third of the price", 0.3333),
        ("20% cheaper", 0.8),
        ("50% more", 1.5),
        ("three times", 3),
        ("一半的价格", 0.5),
        ("两倍", 2),
        ("cheaper", None),
    ],
)
def test_factors_are_understood(span: str, expected: float | None) -> None:
    assert factor(span) == expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("three", 3),
        ("a couple", 2),
        ("5", 5),
        ("一部", 1),
        ("just one", 1),
        ("another", 1),
        ("2 or 3", 3),
        ("两三部", 3),
        ("some", None),
    ],
)
def test_counts_are_understood(span: str, expected: int | None) -> None:
    assert count(span) == expected


def test_number_spans_find_the_words_of_a_count() -> None:
    text = "give me three films under 2 hours, or a couple from 1994"
    assert [text[a:b] for a, b in number_spans(text)] == ["three", "2", "a couple", "1994"]
