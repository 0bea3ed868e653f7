"""The adjectives of countries and parts of the world, as they stand before a noun: "German suppliers"."""

from __future__ import annotations

_LINES = """
    Europe: European, Africa: African, Asia: Asian, North America: North American, South America: South American,
    Germany: German, France: French, Italy: Italian, Spain: Spanish, Portugal: Portuguese, Netherlands: Dutch, Belgium: Belgian,
    Switzerland: Swiss, Austria: Austrian, Sweden: Swedish, Norway: Norwegian, Denmark: Danish, Finland: Finnish, Poland: Polish,
    Russia: Russian, Ukraine: Ukrainian, Greece: Greek, Turkey: Turkish, Ireland: Irish, Hungary: Hungarian, Romania: Romanian,
    Bulgaria: Bulgarian, China: Chinese, Japan: Japanese, South Korea: Korean, India: Indian, Thailand: Thai, Vietnam: Vietnamese,
    Indonesia: Indonesian, Australia: Australian, Canada: Canadian, Mexico: Mexican, Brazil: Brazilian, Argentina: Argentinian,
    Chile: Chilean, Colombia: Colombian, Peru: Peruvian, Egypt: Egyptian, Nigeria: Nigerian, Kenya: Kenyan, Israel: Israeli,
    South Africa: South African, United Kingdom: British, United States: American, USA: American, UK: British, Taiwan: Taiwanese,
    Malaysia: Malaysian, Morocco: Moroccan, Pakistan: Pakistani, Bangladesh: Bangladeshi, Singapore: Singaporean
"""
DEMONYMS: dict[str, tuple[str, ...]] = {
    country.strip(): (adjective.strip(),) for country, _, adjective in (pair.partition(":") for pair in _LINES.split(","))
}
