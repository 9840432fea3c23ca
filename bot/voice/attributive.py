"""How an amount, a country and a language stand before a noun: "90-minute", "French".

Knows English only.
"""

import re

_AMOUNT = re.compile(r"(?P<number>\d[\d.,]*) (?P<unit>[a-z]{3,}s|feet)")
_SINGLE = {"inches": "inch", "feet": "foot"}
DEMONYMS = {
    "Argentina": "Argentine", "Australia": "Australian", "Austria": "Austrian",
    "Belgium": "Belgian", "Bolivia": "Bolivian", "Bosnia and Herzegovina": "Bosnian",
    "Brazil": "Brazilian", "Bulgaria": "Bulgarian", "Cambodia": "Cambodian",
    "Canada": "Canadian", "Chile": "Chilean", "China": "Chinese", "Colombia": "Colombian",
    "Croatia": "Croatian", "Cuba": "Cuban", "Czech Republic": "Czech", "Czechia": "Czech",
    "Czechoslovakia": "Czechoslovak", "Denmark": "Danish", "Ecuador": "Ecuadorian",
    "Egypt": "Egyptian", "England": "English", "Estonia": "Estonian", "Ethiopia": "Ethiopian",
    "Finland": "Finnish", "France": "French", "Georgia": "Georgian", "Germany": "German",
    "Ghana": "Ghanaian", "Greece": "Greek", "Hungary": "Hungarian", "Iceland": "Icelandic",
    "India": "Indian", "Indonesia": "Indonesian", "Iran": "Iranian", "Iraq": "Iraqi",
    "Ireland": "Irish", "Israel": "Israeli", "Italy": "Italian", "Jamaica": "Jamaican",
    "Japan": "Japanese", "Kenya": "Kenyan", "Latvia": "Latvian", "Lebanon": "Lebanese",
    "Lithuania": "Lithuanian", "Malaysia": "Malaysian", "Mexico": "Mexican",
    "Mongolia": "Mongolian", "Morocco": "Moroccan", "Nepal": "Nepalese", "Netherlands": "Dutch",
    "Nigeria": "Nigerian", "Norway": "Norwegian", "Pakistan": "Pakistani", "Peru": "Peruvian",
    "Poland": "Polish", "Portugal": "Portuguese", "Romania": "Romanian", "Russia": "Russian",
    "Scotland": "Scottish", "Senegal": "Senegalese", "Serbia": "Serbian",
    "Singapore": "Singaporean", "Slovakia": "Slovak", "Slovenia": "Slovenian",
    "South Africa": "South African", "South Korea": "South Korean", "Soviet Union": "Soviet",
    "Spain": "Spanish", "Sweden": "Swedish", "Switzerland": "Swiss", "Taiwan": "Taiwanese",
    "Thailand": "Thai", "Tunisia": "Tunisian", "Turkey": "Turkish", "Ukraine": "Ukrainian",
    "United Kingdom": "British", "United States": "American", "Uruguay": "Uruguayan",
    "USA": "American", "Vietnam": "Vietnamese", "Wales": "Welsh", "West Germany": "West German",
    "Yugoslavia": "Yugoslav",
}  # fmt: skip


def attributive(words: str) -> str:
    """Return words as they stand before a noun.

    "16 inches" → "16-inch", "Poland" → "Polish"; other words with a capital are taken for a
    language: "Spanish-language"; the rest stays.
    """
    if words in DEMONYMS:
        return DEMONYMS[words]
    if found := _AMOUNT.fullmatch(words):
        unit = found["unit"]
        return f"{found['number']}-{_SINGLE.get(unit) or unit.removesuffix('s')}"
    return f"{words}-language" if words[:1].isupper() else words
