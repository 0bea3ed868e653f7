"""Questions in other languages than English: they get no SQL.

Each language has frames with its own function words and verbs; the nouns are its own or the schema's names, as people mix them.
``{N}`` is a plural noun, ``{S}`` a singular one, ``{M}`` a figure, ``{D}`` what it is split by, ``{T}`` a time, ``{n}`` a number.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.phrases import say
from nl2sql.data.synthesis.world import World


@dataclass(frozen=True)
class Language:
    """Its frames, one a line, and its own words for each slot, separated by ``|``."""

    frames: str
    nouns: str
    singulars: str
    figures: str
    splits: str
    times: str


LANGUAGES: dict[str, Language] = {
    "German": Language(
        """
        wie viele {N} [gibt es|gab es|haben wir|hatten wir] {T}
        wie hoch [ist|war] [der|die|das] {M} {T}
        [zeige|zeig|gib|nenne|liste] mir [alle|die|bitte alle|bitte die] {N}
        welche {S} hat [den höchsten|die meisten|das größte] {M}
        [der|die|das] durchschnittliche {M} pro {D} {T}
        {M} nach {D} {T}
        [zeige|zeig] mir {M} [nach|pro|je] {D} {T}
        die {n} [besten|größten|teuersten|wichtigsten] {N} nach {M}
        welche {N} haben [keine|mehr als {n}|weniger als {n}] {D}
        [was|wie viel] [ist|war|kostet] [der|die|das] [gesamte|durchschnittliche|] {M} {T}
        [sortiere|ordne] die {N} nach {M} absteigend
        [nur|und] [für|nach|pro] {D}
        lösche [alle|die] {N}
        ich [möchte|will|brauche|hätte gern] [eine Liste|die Liste|eine Übersicht] [aller|der] {N}
        [kannst du|könnten Sie|können Sie] mir [bitte|] [die|alle] {N} [zeigen|auflisten|nennen]
        wann war [die letzte|der erste|die erste] {S}
        vergleiche {M} [im letzten Jahr|dieses Jahr] mit dem Vorjahr
        wer hat {T} [am meisten|die meisten {N}] [verkauft|gekauft|bestellt]
        """,
        "Kunden|Bestellungen|Produkte|Filialen|Mitarbeiter|Rechnungen|Lieferungen|Artikel",
        "Filiale|Kundin|Region|Abteilung|Stadt|Bestellung",
        "Umsatz|Gewinn|Preis|Gehalt|Anzahl|Bestellwert|Menge|Alter",
        "Region|Monat|Filiale|Kategorie|Jahr|Stadt|Kunde",
        "im letzten Jahr|letzten Monat|dieses Jahr|im März|seit 2022|heute|",
    ),
    "French": Language(
        """
        combien de {N} [y a-t-il|avons-nous|avions-nous] {T}
        combien [y a-t-il de|avons-nous de|d'] {N} {T}
        quel est [le|la] {M} [total|totale|moyen|] {T}
        [montre|montrez|affiche|donne|donnez|liste]-moi [tous les|toutes les|les] {N}
        [montrer|afficher|lister] [tous les|les] {N} par {D}
        quelle {S} a [le plus de|le moins de|la plus grande] {M}
        quels sont les {N} [les plus|les moins] [chers|grands|récents]
        {M} par {D} {T}
        les {n} [meilleurs|premiers|derniers] {N} par {M}
        quels {N} n'ont [pas de|aucune] {D}
        [et|] par {D}
        [évolution|répartition|moyenne] [du|de la|des] {M} par {D} {T}
        je [voudrais|veux|cherche] [la liste des|les|tous les] {N}
        supprime [tous les|les] {N}
        pouvez-vous [me montrer|afficher|calculer] [les|le|la] {M} {T}
        qui a [vendu|acheté|commandé] le plus de {N} {T}
        seulement [les|pour les] {N} [avec|sans] {D}
        quand [a eu lieu|était] [la dernière|le dernier|la première] {S}
        """,
        "clients|commandes|produits|magasins|employés|factures|livraisons|articles",
        "boutique|région|ville|commande|catégorie|équipe",
        "chiffre d'affaires|bénéfice|prix|salaire|nombre|montant|quantité|âge",
        "région|mois|magasin|catégorie|année|ville|client",
        "l'année dernière|le mois dernier|cette année|en mars|depuis 2022|aujourd'hui|",
    ),
    "Spanish": Language(
        """
        cuántos {N} [hay|tenemos|teníamos|existen] {T}
        ¿cuántas {N} [hay|tenemos|se hicieron] {T}?
        ¿cuál [es|fue] [el|la] {M} [total|promedio|] {T}?
        [muestra|muéstrame|dame|lista|enséñame] [todos los|todas las|los|las] {N}
        qué {S} tiene [más|el mayor|la mayor|menos] {M}
        {M} por {D} {T}
        [el|la] {M} [promedio|medio|total] por {D} {T}
        los {n} [mejores|primeros|últimos] {N} por {M}
        qué {N} no tienen {D}
        ¿y por {D}?
        [quiero|quisiera|necesito] [ver|] [una lista de|los|todas las] {N}
        [borra|elimina] [todos los|las] {N}
        ¿[puedes|podrías|puede] [mostrarme|decirme|darme] [los|las|el] {M} {T}?
        ¿quién [vendió|compró|pidió] más {N} {T}?
        solo [los|las] {N} [con|sin] {D}
        ordena [los|las] {N} por {M} de mayor a menor
        compara [el|la] {M} de este año con el año pasado
        ¿cuándo fue [el último|la última|la primera] {S}?
        """,
        "clientes|pedidos|productos|tiendas|empleados|facturas|entregas|artículos",
        "tienda|región|ciudad|categoría|empresa|compra",
        "ingresos|beneficio|precio|salario|ventas|importe|cantidad|edad",
        "región|mes|tienda|categoría|año|ciudad|cliente",
        "el año pasado|el mes pasado|este año|en marzo|desde 2022|hoy|",
    ),
    "Italian": Language(
        """
        quanti {N} [ci sono|abbiamo|avevamo] {T}
        quante {N} [ci sono|abbiamo|sono state fatte] {T}
        qual [è|era|è stato] [il|la] {M} [totale|medio|] {T}
        [mostra|mostrami|elenca|dammi] [tutti i|tutte le|i|le] {N}
        quale {S} ha [il più alto|più|la maggiore|meno] {M}
        {M} per {D} {T}
        i {n} [migliori|primi|peggiori] {N} per {M}
        quali {N} non hanno {D}
        e per {D}?
        [vorrei|voglio|mi serve] [vedere|] [un elenco dei|i|tutte le] {N}
        [cancella|elimina] [tutti i|le] {N}
        [puoi|potresti|può] [mostrarmi|dirmi|darmi] [il|la|i] {M} {T}
        chi ha [venduto|comprato|ordinato] più {N} {T}
        solo [i|le] {N} [con|senza] {D}
        ordina [i|le] {N} per {M} decrescente
        [andamento|media|somma] [del|della|dei] {M} per {D}
        quando è stata [l'ultima|la prima] {S}
        """,
        "clienti|ordini|prodotti|negozi|dipendenti|fatture|consegne|articoli",
        "filiale|regione|città|categoria|vendita|fattura",
        "fatturato|guadagno|prezzo|stipendio|numero|importo|quantità|età",
        "regione|mese|negozio|categoria|anno|città|cliente",
        "l'anno scorso|il mese scorso|quest'anno|a marzo|dal 2022|oggi|",
    ),
    "Portuguese": Language(
        """
        quantos {N} [existem|há|temos|tivemos] {T}
        quantas {N} [existem|há|foram feitas] {T}
        qual [é|foi] [o|a] {M} [total|médio|] {T}
        [mostre|mostra-me|liste|me dê] [todos os|todas as|os|as] {N}
        qual {S} tem [o maior|a maior|mais|menos] {M}
        {M} por {D} {T}
        os {n} [melhores|primeiros|piores] {N} por {M}
        quais {N} não têm {D}
        e por {D}?
        [quero|gostaria de|preciso de] [ver|] [uma lista de|os|todas as] {N}
        [apague|exclua|delete] [todos os|as] {N}
        [pode|poderia|você pode] [mostrar|dizer|calcular] [o|a|os] {M} {T}
        quem [vendeu|comprou|pediu] mais {N} {T}
        somente [os|as] {N} [com|sem] {D}
        quando foi [o último|a última|a primeira] {S}
        """,
        "clientes|pedidos|produtos|lojas|funcionários|faturas|entregas|artigos",
        "loja|região|cidade|categoria|compra|empresa",
        "receita|lucro|preço|salário|número|valor|quantidade|idade",
        "região|mês|loja|categoria|ano|cidade|cliente",
        "no ano passado|no mês passado|este ano|em março|desde 2022|hoje|",
    ),
    "Dutch": Language(
        """
        hoeveel {N} [zijn er|hebben we|waren er|hadden we] {T}
        wat [is|was] [de|het] [totale|gemiddelde|] {M} {T}
        [toon|geef|laat|noem] [me|mij|] [alle|de] {N} [zien|]
        welke {S} heeft [de hoogste|de meeste|het grootste] {M}
        {M} per {D} {T}
        de {n} [beste|grootste|duurste] {N} op {M}
        welke {N} hebben geen {D}
        en per {D}?
        ik [wil|zou graag|heb] [een lijst|een overzicht] van [alle|de] {N} [zien|nodig]
        verwijder [alle|de] {N}
        kun je [me|mij] [de|alle|het] {M} [laten zien|geven] {T}
        wie heeft [de meeste|het meeste] {N} [verkocht|gekocht|besteld] {T}
        alleen [de|] {N} [met|zonder] {D}
        wanneer was [de laatste|de eerste] {S}
        """,
        "klanten|bestellingen|producten|winkels|medewerkers|facturen|leveringen|artikelen",
        "winkel|regio|stad|afdeling|bestelling|klant",
        "omzet|winst|prijs|salaris|aantal|bedrag|hoeveelheid|leeftijd",
        "regio|maand|winkel|categorie|jaar|stad|klant",
        "vorig jaar|vorige maand|dit jaar|in maart|sinds 2022|vandaag|",
    ),
    "Polish": Language(
        """
        ile [jest|mamy|było|mieliśmy] {N} {T}
        [jaki|jaka|jakie] [jest|był|była|było] [łączny|średni|całkowita|] {M} {T}
        [pokaż|podaj|wypisz|wyświetl] [mi|] [wszystkie|wszystkich|] {N}
        [który|która|które] {S} ma [największy|najwięcej|najmniejszą] {M}
        {M} według {D} {T}
        {n} [najlepszych|największych|najdroższych] {N} według {M}
        [które|którzy] {N} nie mają {D}
        a według {D}?
        [chcę|chciałbym|potrzebuję] [zobaczyć|] [listę|] {N}
        usuń [wszystkie|] {N}
        czy możesz [pokazać|podać|obliczyć] {M} {T}
        kto [sprzedał|kupił|zamówił] najwięcej {N} {T}
        tylko {N} [z|bez] {D}
        kiedy [była|był] [ostatnia|ostatni|pierwsza] {S}
        """,
        "klientów|zamówień|produktów|sklepów|pracowników|faktur|dostaw|artykułów",
        "sklep|region|miasto|kategoria|zamówienie|klient",
        "przychód|zysk|cena|pensja|liczba|kwota|ilość|wiek",
        "regionu|miesiąca|sklepu|kategorii|roku|miasta|klienta",
        "w zeszłym roku|w zeszłym miesiącu|w tym roku|w marcu|od 2022|dzisiaj|",
    ),
    "Swedish": Language(
        """
        hur många {N} [finns det|har vi|hade vi] {T}
        vad [är|var] [den|det] [totala|genomsnittliga|] {M} {T}
        [visa|lista|ge mig] [alla|] {N}
        vilken {S} har [högst|mest|flest] {M}
        {M} per {D} {T}
        de {n} [bästa|största|dyraste] {N} efter {M}
        vilka {N} har [inga|ingen] {D}
        och per {D}?
        jag [vill|skulle vilja] [se|ha] [en lista över|] {N}
        ta bort [alla|] {N}
        kan du [visa|räkna ut] {M} {T}
        vem [sålde|köpte|beställde] mest {N} {T}
        bara {N} [med|utan] {D}
        """,
        "kunder|beställningar|produkter|butiker|anställda|fakturor|leveranser|artiklar",
        "butik|region|stad|kategori|beställning|kund",
        "omsättning|vinst|pris|lön|antal|belopp|mängd|ålder",
        "region|månad|butik|kategori|år|stad|kund",
        "förra året|förra månaden|i år|i mars|sedan 2022|idag|",
    ),
    "Czech": Language(
        """
        kolik [je|máme|bylo] {N} {T}
        jaký [je|byl] [celkový|průměrný|] {M} {T}
        [ukaž|vypiš|zobraz] [mi|] [všechny|] {N}
        která {S} má [největší|nejvíce] {M}
        {M} podle {D} {T}
        {n} [nejlepších|největších] {N} podle {M}
        které {N} nemají {D}
        a podle {D}?
        [chci|potřebuji] [vidět|] [seznam|] {N}
        smaž [všechny|] {N}
        kdo [prodal|koupil|objednal] nejvíce {N} {T}
        """,
        "zákazníků|objednávek|produktů|prodejen|zaměstnanců|faktur",
        "prodejna|kategorie|pobočka|objednávka",
        "tržby|zisk|cena|plat|počet|částka|věk",
        "regionu|měsíce|prodejny|kategorie|roku|města",
        "loni|minulý měsíc|letos|v březnu|od roku 2022|dnes|",
    ),
    "Turkish": Language(
        """
        kaç {S} [var|vardı] {T}
        {T} [toplam|ortalama|] {M} [nedir|ne kadar|kaç]
        [tüm|bütün|] {N} [göster|listele|getir]
        hangi {S} [en yüksek|en fazla|en düşük] {M} sahip
        {D} göre {M} {T}
        {M} göre ilk {n} {S}
        hangi {N} {D} yok
        ya {D} göre?
        [bana|lütfen] {N} listesini [göster|ver]
        {T} en çok {S} kim [sattı|aldı]
        """,
        "müşterileri|siparişleri|ürünleri|mağazaları|çalışanları|faturaları",
        "müşteri|sipariş|ürün|mağaza|çalışan|fatura",
        "satış|kâr|fiyat|maaş|tutar|miktar|yaş",
        "bölgeye|aya|mağazaya|kategoriye|yıla|şehre",
        "geçen yıl|geçen ay|bu yıl|mart ayında|bugün|",
    ),
    "Russian": Language(
        """
        сколько [было|у нас|всего] {N} {T}
        [какой|какая|каков] [общий|средний|] {M} {T}
        [покажи|выведи|дай] [мне|] [все|всех|] {N}
        какой {S} имеет [самый большой|наибольший] {M}
        {M} по {D} {T}
        топ {n} {N} по {M}
        какие {N} без {D}
        а по {D}?
        [хочу|нужно] [увидеть|получить] [список|] {N}
        удали [все|всех] {N}
        кто [продал|купил] больше всего {N} {T}
        """,
        "клиентов|заказов|товаров|магазинов|сотрудников|счетов",
        "магазин|регион|город|клиент|заказ",
        "выручка|прибыль|цена|зарплата|сумма|возраст",
        "регионам|месяцам|магазинам|категориям|годам|городам",
        "в прошлом году|в прошлом месяце|в этом году|в марте|с 2022 года|сегодня|",
    ),
}


def foreign(world: World, rng: random.Random) -> str:
    """A question in one of the languages, about its own nouns or this schema's."""
    language = rng.choice(list(LANGUAGES.values()))
    entity = rng.choice(world.entities)
    columns = [column.noun for column in entity.columns if column.role not in ("key", "other")] or [entity.noun]
    other = rng.choice(world.entities).noun
    mixed = rng.random() < 0.4
    named = {
        "N": (lexicon.plural(entity.noun), lexicon.plural(entity.noun).capitalize()), "S": (entity.noun,), "M": tuple(columns),
        "D": (other, rng.choice(columns)),
    }  # fmt: skip
    own = {"N": language.nouns, "S": language.singulars, "M": language.figures, "D": language.splits, "T": language.times}
    slots = {
        key: named[key] if mixed and key in named and rng.random() < 0.7 else tuple(text.split("|")) for key, text in own.items()
    }
    text = say(rng, language.frames.split("\n")[1:-1], n=str(rng.choice((3, 5, 10, 20, 50))), **slots)
    return _typed(rng, text)


def _typed(rng: random.Random, text: str) -> str:
    """With or without capitals, accents and a question mark."""
    if rng.random() < 0.2:
        text = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    if rng.random() < 0.6:
        text = text[0].upper() + text[1:]
    elif rng.random() < 0.5:
        text = text.lower()
    return text if text.endswith("?") or rng.random() < 0.5 else text + rng.choice(("?", "?", "."))
