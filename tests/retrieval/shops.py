"""Exports as shops write them: five small catalogues, each with habits of its own."""

# ruff: noqa: E501

import json

_WINES = (
    "Barolo Cannubi|Borgogno|Piedmont|Red|Nebbiolo|2016|68.00|14 %|Yes",
    "Chianti Classico Gallo|Fontodi|Tuscany|Red|Sangiovese|2019|24.50|13.5 %|Yes",
    "Brunello Poggio|Il Palazzone|Tuscany|Red|Sangiovese|2015|72.00|14.5 %|No",
    "Soave La Rocca|Pieropan|Veneto|White|Garganega|2020|29.00|12.5 %|Yes",
    "Amarone Mazzano|Masi|Veneto|Red|Corvina, Rondinella|2013|95.00|16 %|No",
    "Rioja Gran Reserva|Lopez|Rioja|Red|Tempranillo, Graciano|2012|38.00|13.5 %|No",
    "Albariño do Mar|Zárate|Rías Baixas|White|Albariño|2022|15.90|12.5 %|Yes",
    "Sancerre Blanc|Vacheron|Loire|White|Sauvignon Blanc|2021|26.00|13 %|Yes",
    "Chablis Vieilles Vignes|Droin|Burgundy|White|Chardonnay|2021|27.50|12.5 %|No",
    "Meursault Charmes|Roulot|Burgundy|White|Chardonnay|2018|140.00|13 %|No",
    "Pommard Epenots|Parent|Burgundy|Red|Pinot Noir|2017|85.00|13.5 %|No",
    "Bandol Rosé|Tempier|Provence|Rosé|Mourvèdre, Grenache|2022|31.00|13 %|Yes",
    "Whispering Rosé|Esclans|Provence|Rosé|Grenache|2023|18.00|12.5 %|No",
    "Cava Brut Nature|Gramona|Penedès|Sparkling|Xarel-lo, Macabeo|2019|21.00|12 %|Yes",
    "Champagne Brut Réserve|Billecart|Champagne|Sparkling|Pinot Noir, Chardonnay||46.00|12 %|No",
    "Prosecco Col Fondo|Zanotto|Veneto|Sparkling|Glera|2022|14.00|11 %|Yes",
    "Riesling Kabinett|Prüm|Mosel|White|Riesling|2021|23.00|8.5 %|No",
    "Riesling Trocken|Keller|Rheinhessen|White|Riesling|2022|19.50|12 %|Yes",
    "Grüner Veltliner|Bründlmayer|Kamptal|White|Grüner Veltliner|2022|16.00|12.5 %|Yes",
    "Malbec Reserva|Catena|Mendoza|Red|Malbec|2020|17.50|13.5 %|No",
    "Shiraz Old Vine|Kaesler|Barossa|Red|Shiraz|2018|55.00|15 %|No",
    "Pinot Noir Estate|Felton Road|Central Otago|Red|Pinot Noir|2021|48.00|14 %|Yes",
    "Sauvignon Marlborough|Greywacke|Marlborough|White|Sauvignon Blanc|2023|18.50|13 %|No",
    "Zinfandel Old Hill|Ridge|California|Red|Zinfandel|2019|44.00|14.5 %|No",
    "Vinho Verde|Soalheiro|Minho|White|Alvarinho|2023|12.50|12 %|Yes",
    "Douro Tinto|Niepoort|Douro|Red|Touriga Nacional, Tinta Roriz|2020|22.00|13.5 %|No",
    "Tavel Rosé|Aquéria|Rhône|Rosé|Grenache, Cinsault|2022|16.50|13.5 %|No",
    "Châteauneuf-du-Pape|Vieux Donjon|Rhône|Red|Grenache, Syrah|2019|62.00|14.5 %|No",
    "Beaujolais Fleurie|Métrat|Beaujolais|Red|Gamay|2021|19.00|13 %|Yes",
    "Etna Rosso|Graci|Sicily|Red|Nerello Mascalese|2020|27.00|14 %|Yes",
)


def wines() -> bytes:
    """A wine merchant's list: semicolons, Windows-1252, pounds, a heading, no ids."""
    head = "Cellar list spring;;;;;;;;\r\n"
    names = "Wine;Producer;Region;Colour;Grapes;Vintage;Price;Alcohol;Organic\r\n"
    rows = []
    for row in _WINES:
        cells = row.split("|")
        cells[6] = f"£{cells[6]}"
        rows.append(";".join(cells))
    return (head + names + "\r\n".join(rows) + "\r\n").encode("cp1252")


def jobs() -> bytes:
    """A job board's feed: JSON lines, nested objects, salary ranges, dates."""
    titles = "Nurse|Data Engineer|Cook|Bus Driver|Teacher|Welder|Accountant|Web Developer".split(
        "|"
    )
    cities = ("Leeds", "Bristol", "Cardiff", "Glasgow", "Norwich")
    levels = ("junior", "senior", "lead", "entry level")
    lines = []
    for n in range(40):
        low = 22_000 + 1_500 * (n * 7 % 23)
        title, city = titles[n % 8], cities[n * 3 % 5]
        lines.append(
            json.dumps(
                {
                    "ref": f"J-{1000 + n}",
                    "job_title": f"{levels[n % 4].title()} {title}",
                    "company": {"name": f"Employer {n % 9}", "city": city},
                    "salary": f"£{low:,} - £{low + 6000:,}",
                    "contract": ("full-time", "part-time", "contract")[n % 3],
                    "remote": "Yes" if n % 3 == 0 else "No",
                    "level": levels[n % 4],
                    "skills": [("Python", "Excel", "first aid", "driving")[n % 4], "teamwork"],
                    "posted": f"2026-0{1 + n % 4}-{1 + n % 27:02d}",
                    "description": f"We are looking for a {title.lower()} in {city} who likes "
                    "people, keeps a cool head and wants to stay with us for a while.",
                }
            )
        )
    return "\n".join(lines).encode()


def recipes() -> bytes:
    """A cookbook's table: commas in quotes, hours and minutes, ticks, servings as ranges."""
    names = (
        "Lentil Soup|Lemon Chicken|Beef Stew|Mushroom Risotto|Fish Tacos|Pad Thai|Shakshuka|Ratatouille|"
        "Carrot Cake|Banana Bread|Greek Salad|Pumpkin Curry|Lamb Kofta|Miso Ramen|Pea Pancakes|Apple Pie|"
        "Chili con Carne|Spinach Lasagne|Gazpacho|Falafel|Poke Bowl|Onion Tart|Peach Cobbler|Bibimbap|"
        "Tomato Galette|Prawn Linguine|Potato Gratin|Bean Burger|Plum Crumble|Leek Quiche"
    ).split("|")
    cuisines = ("Indian", "Greek", "French", "Italian", "Mexican", "Thai")
    ingredients = ("onion", "garlic", "lemon", "butter", "rice", "cumin", "tomato", "egg", "flour")
    courses = ("starter", "main", "dessert", "snack")
    rows = [
        "Recipe,Cuisine,Course,Ingredients,Total time,Serves,Calories,Vegetarian,Gluten free,Method"
    ]
    for n, name in enumerate(names):
        held = ", ".join(ingredients[(n + k * 2) % 9] for k in range(3 + n % 3))
        minutes = 15 + (n * 25) % 130
        time = f"{minutes // 60}h {minutes % 60:02d}m" if minutes >= 60 else f"{minutes} min"
        serves = f"{2 + n % 3}-{4 + n % 3}" if n % 2 else str(2 + n % 5)
        ticks = ("✓" if n % 3 else "", "✓" if n % 4 == 0 else "")
        method = (
            f"Chop what needs chopping for the {name.lower()}, fry it gently and serve it warm."
        )
        rows.append(
            f'{name},{cuisines[n % 6]},{courses[n % 4]},"{held}",{time},{serves},{250 + n * 17} kcal,'
            f'{ticks[0]},{ticks[1]},"{method}"'
        )
    return "\n".join(rows).encode()


def hotels() -> bytes:
    """A booking site's dump: tabs, stars in words, prices per night in euros, amenities ticked."""
    rows = ["hotel_id\thotel_name\tcity\tstars\tguest_score\tprice_per_night\tdistance_to_centre\t"
            "has_pool\thas_wifi\tpets_allowed\troom_types\tabout"]  # fmt: skip
    cities = ("Lisbon", "Porto", "Faro", "Seville")
    for n in range(36):
        rooms = ("single|double", "double|suite", "double|family", "suite")[n % 4]
        rows.append(
            f"{500 + n}\t{('Casa', 'Hotel', 'Villa', 'Pensão')[n % 4]} {('Azul', 'Mar', 'Sol')[n % 3]} "
            f"{n}\t{cities[n % 4]}\t{3 + n % 3} stars\t{6.5 + (n * 13 % 33) / 10:.1f}/10\t"
            f"€{45 + n * 9}\t{0.2 + (n % 9) * 0.6:.1f} km\t{'true' if n % 2 else 'false'}\ttrue\t"
            f"{'true' if n % 5 == 0 else 'false'}\t{rooms}\tA quiet house with a view of the river "
            f"and breakfast on the terrace until noon."
        )
    rows[3] = rows[3].replace("\ttrue\t", "\tfalse\t", 1)
    rows[7] = rows[7].replace("\ttrue\t", "\tfalse\t")
    return "\n".join(rows).encode()


def games() -> bytes:
    """A board game shop's JSON list: players as ranges, ages with a plus, properties in pairs."""
    names = (
        "Harbour|Moss|Signal Tower|Old Guild|Nine Rivers|Tinker|Salt Road|Lantern Fair|Red Canyon|"
        "Owl Post|Granary|Deep Freeze|Market Day|Pale Moon|Stone Bridge|Paper Boats|Night Ferry|Alibi"
    ).split("|")
    kinds = ("co-operative", "strategy", "party", "family")
    out = []
    for n, name in enumerate(names * 2):
        out.append(
            {
                "sku": f"BG{n:04d}",
                "name": name if n < 18 else f"{name}: Second Edition",
                "type": kinds[n % 4],
                "players": f"{1 + n % 3}-{3 + n % 4} players",
                "age": f"{6 + 2 * (n % 5)}+",
                "playing time": f"{15 + 15 * (n % 8)} min",
                "price": {"amount": round(9.99 + 3 * n, 2), "currency": "USD"},
                "specs": f"Weight: {0.4 + 0.1 * (n % 12):.1f} kg; Box: {('small', 'square')[n % 2]}",
                "designers": f"Ada Kern & Bo Lind {n % 6}" if n % 2 else f"Cy Moor {n % 5}",
                "in stock": n % 7 != 0,
            }
        )
    return json.dumps({"games": out}, indent=1).encode()


SHOPS = {
    "wines.csv": wines,
    "jobs.jsonl": jobs,
    "recipes.csv": recipes,
    "hotels.tsv": hotels,
    "games.json": games,
}
