"""Other names under which a cell may store what a question says: demonyms, genders, countries, American states, months.

General knowledge only, nothing of any one database; an alias counts only where a cell holds it.
"""
from __future__ import annotations

from collections.abc import Sequence

from nl2sql.context.words import split, stem

_GROUPS = """
male | man | boy | gentleman | m
female | woman | girl | lady | f
usa | us | u s | u s a | united states | united states of america | america | american
uk | u k | united kingdom | great britain | britain | british | england | english
uae | united arab emirates | emirati
europe | european
africa | african
asia | asian
oceania | oceanian
north america | north american
south america | south american
france | french
germany | german
italy | italian
spain | spanish
portugal | portuguese
netherlands | the netherlands | holland | dutch
belgium | belgian
switzerland | swiss
austria | austrian
sweden | swedish
norway | norwegian
denmark | danish
finland | finnish
poland | polish
russia | russian | russian federation
ukraine | ukrainian
greece | greek
turkey | turkish
ireland | irish
scotland | scottish
wales | welsh
hungary | hungarian
romania | romanian
bulgaria | bulgarian
czech republic | czech | czechia
china | chinese
japan | japanese
korea | korean | south korea | south korean
india | indian
thailand | thai
vietnam | vietnamese
indonesia | indonesian
philippines | filipino
australia | australian
new zealand | new zealander
canada | canadian
mexico | mexican
brazil | brazilian
argentina | argentine | argentinian
chile | chilean
colombia | colombian
peru | peruvian
cuba | cuban
egypt | egyptian
nigeria | nigerian
kenya | kenyan
south africa | south african
israel | israeli
iran | iranian
iraq | iraqi
saudi arabia | saudi
kazakhstan | kazakh
bangladesh | bangladeshi
pakistan | pakistani
singapore | singaporean
malaysia | malaysian
taiwan | taiwanese
morocco | moroccan
ethiopia | ethiopian
ghana | ghanaian
slovakia | slovak
slovenia | slovenian
croatia | croatian
serbia | serbian
iceland | icelandic
venezuela | venezuelan
ecuador | ecuadorian
new york city | nyc
los angeles | la
san francisco | sf
washington d c | washington dc | washington
"""
_STATES = """
    alabama al alaska ak arizona az arkansas ar california ca colorado co connecticut ct delaware de florida fl georgia ga
    hawaii hi idaho id illinois il indiana in iowa ia kansas ks kentucky ky louisiana la maine me maryland md
    massachusetts ma michigan mi minnesota mn mississippi ms missouri mo montana mt nebraska ne nevada nv new_hampshire nh
    new_jersey nj new_mexico nm new_york ny north_carolina nc north_dakota nd ohio oh oklahoma ok oregon or pennsylvania
    pa rhode_island ri south_carolina sc south_dakota sd tennessee tn texas tx utah ut vermont vt virginia va washington
    wa west_virginia wv wisconsin wi wyoming wy
""".split()
_MONTHS = "january february march april june july august september october november december".split()


def _key(text: str) -> str:
    return " ".join(stem(word.text) for word in split(text))


def _table() -> dict[str, tuple[str, ...]]:
    groups = [[_key(name) for name in line.split("|")] for line in _GROUPS.strip().splitlines()]
    groups += [[state.replace("_", " "), code] for state, code in zip(_STATES[::2], _STATES[1::2], strict=True)]
    groups += [[month, month[:3]] for month in _MONTHS]
    table: dict[str, list[str]] = {}
    for group in groups:
        for name in group:
            table.setdefault(name, []).extend(other for other in group if other != name)
    return {name: tuple(dict.fromkeys(others)) for name, others in table.items()}


_ALIASES = _table()


def aliases(stems: Sequence[str]) -> tuple[str, ...]:
    """The other keys (stems joined by spaces) for what these stems say."""
    return _ALIASES.get(" ".join(stems), ())
