"""What facets are called that are said in a way of their own: prices, makers, languages."""

PERFORMERS = frozenset({"cast", "actor", "actors", "stars", "starring", "performers"})
MAKERS = frozenset(
    """director directors directed_by author authors writer writers written_by artist artists
    creator creators composer designer by""".split()
)
LANGUAGES = frozenset({"language", "languages", "spoken_language"})
ORIGINS = frozenset({"country", "countries", "origin", "made_in", "country_of_origin"})
PLACES = frozenset({"city", "area", "location", "neighbourhood", "neighborhood", "region", "town"})
SYSTEMS = frozenset({"os", "operating_system", "system"})
PRICES = frozenset({"price", "cost", "fee", "rent", "fare", "price_usd", "price_eur", "usd"})
LENGTHS = frozenset({"runtime", "duration", "length", "running_time", "playtime"})
SIGNED = {"$": "USD", "€": "EUR", "£": "GBP", "₹": "INR"}
MONEY = frozenset({*SIGNED, *SIGNED.values()})
PARTS = frozenset(
    """amenities amenity features feature facilities facility extras includes included equipment
    perks benefits services ingredients toppings accessories""".split()
)
GENRES = frozenset({"genre", "genres", "subject", "category", "style"})
