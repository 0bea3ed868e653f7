"""Word lists of the sample database: places, people and things. Nothing here is random."""
from __future__ import annotations

# region_name -> (country of its head office, cities)
REGIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Europe": ("Germany", ("Paris", "Lyon", "Berlin", "Munich", "Madrid", "Milan", "London", "Amsterdam", "Vienna", "Stockholm")),
    "North America": ("United States", ("New York", "Chicago", "Toronto", "Boston", "Seattle", "Austin", "Denver", "Montreal")),
    "South America": ("Brazil", ("Sao Paulo", "Buenos Aires", "Santiago", "Lima", "Bogota", "Rio de Janeiro")),
    "Asia Pacific": ("Japan", ("Tokyo", "Osaka", "Sydney", "Melbourne", "Singapore", "Seoul", "Mumbai", "Auckland")),
    "Middle East & Africa": ("United Arab Emirates", ("Dubai", "Cairo", "Cape Town", "Johannesburg", "Nairobi", "Casablanca")),
}

# (store_name, city, channel, opened_on, floor_area_sqm, pull: how many orders it draws, spend: how much an order is worth there)
STORES: tuple[tuple[str, str, str, str, int, float, float], ...] = (
    ("Paris Rivoli", "Paris", "Retail", "2008-03-14", 2450, 2.3, 1.25),
    ("Lyon Confluence", "Lyon", "Retail", "2012-09-01", 1380, 1.0, 0.95),
    ("Berlin Mitte", "Berlin", "Retail", "2010-05-20", 2100, 2.6, 0.98),
    ("Munich Parkstadt", "Munich", "Outlet", "2016-11-11", 1720, 1.5, 0.90),
    ("Madrid Gran Via", "Madrid", "Retail", "2013-04-06", 1650, 1.4, 1.00),
    ("Milan Duomo", "Milan", "Retail", "2014-10-03", 1540, 1.3, 1.30),
    ("London Soho", "London", "Retail", "2009-07-25", 1980, 2.1, 1.15),
    ("Amsterdam Noord", "Amsterdam", "Outlet", "2017-06-17", 1600, 1.2, 0.85),
    ("Stockholm City", "Stockholm", "Retail", "2021-03-08", 1120, 1.0, 1.05),
    ("Webshop Europe", "Berlin", "Online", "2015-02-02", 5200, 3.4, 0.92),
    ("New York Fifth Avenue", "New York", "Retail", "2007-11-23", 2900, 2.2, 1.45),
    ("Chicago Loop", "Chicago", "Retail", "2011-08-13", 1830, 1.4, 1.00),
    ("Toronto Queen Street", "Toronto", "Retail", "2014-05-31", 1490, 1.2, 1.05),
    ("Boston Harbor", "Boston", "Outlet", "2018-04-21", 1950, 1.1, 0.85),
    ("Seattle Pike Place", "Seattle", "Retail", "2016-09-10", 1310, 1.1, 1.10),
    ("Austin South Congress", "Austin", "Retail", "2022-05-05", 1260, 1.0, 1.00),
    ("Webshop Americas", "Chicago", "Online", "2014-01-15", 6100, 3.1, 1.02),
    ("Sao Paulo Paulista", "Sao Paulo", "Retail", "2013-10-26", 1760, 3.2, 1.05),
    ("Buenos Aires Palermo", "Buenos Aires", "Retail", "2017-03-18", 1230, 1.7, 0.95),
    ("Santiago Costanera", "Santiago", "Retail", "2019-08-24", 1170, 1.5, 1.00),
    ("Lima Miraflores", "Lima", "Outlet", "2020-10-10", 1400, 1.3, 0.80),
    ("Tokyo Shibuya", "Tokyo", "Retail", "2010-12-04", 1890, 2.0, 1.35),
    ("Osaka Namba", "Osaka", "Retail", "2015-07-11", 1340, 1.1, 1.05),
    ("Sydney Harbour", "Sydney", "Retail", "2012-02-18", 1610, 1.4, 1.10),
    ("Singapore Orchard", "Singapore", "Retail", "2016-04-30", 1420, 1.2, 1.15),
    ("Mumbai Bandra", "Mumbai", "Outlet", "2018-12-15", 2050, 1.6, 0.75),
    ("Webshop Asia", "Singapore", "Online", "2017-09-09", 4700, 2.4, 0.95),
    ("Dubai Marina", "Dubai", "Retail", "2015-11-28", 2200, 3.2, 1.30),
    ("Cairo Zamalek", "Cairo", "Retail", "2019-02-23", 1080, 1.5, 0.90),
    ("Cape Town Waterfront", "Cape Town", "Retail", "2023-09-16", 1290, 1.7, 1.00),
)

FIRST_NAMES = """
Adam Aisha Alice Amara Andre Anna Antonio Arjun Astrid Ben Bianca Bruno Camila Carlos Carmen Chen Chloe Clara Daniel David
Diego Elena Elif Emil Emma Eric Esther Fatima Felix Fiona Gabriel Georg Grace Hana Hannah Hugo Ibrahim Ines Ingrid Isabel
Ivan Jack Jakob James Jana Javier Julia Kaito Karim Kate Kenji Laila Lars Laura Lena Leo Liam Lina Louis Lucas Lucia Maja
Marco Maria Marie Martin Mateo Maya Mei Mia Miguel Mohamed Nadia Naomi Nina Noah Nora Oliver Omar Oscar Paula Pedro Peter
Priya Rafael Rosa Samir Sara Sofia Sven Tariq Thomas Tom Valentina Victor Wei Yara Yuki Zoe
""".split()

LAST_NAMES = """
Abadi Adams Ahmed Almeida Andersson Bakker Barbieri Bauer Becker Bennett Bernard Bianchi Brown Carter Castro Chang Clark
Costa Cruz Dubois Edwards Eriksson Fernandez Ferrari Fischer Fontaine Foster Fujita Garcia Gomez Gray Gupta Haddad Hansen
Harris Hassan Hayashi Hernandez Hoffmann Hughes Ibarra Ito Jansen Jensen Johnson Jones Kamau Kaplan Keller Khan Kim
Kobayashi Koch Kowalski Kumar Lambert Larsen Laurent Lee Lopez Mancini Martinez Mehta Mendes Meyer Miller Mitchell Molina
Moreau Morris Mueller Mwangi Nakamura Navarro Nguyen Nielsen Novak Okafor Oliveira Olsen Ortega Park Patel Pereira Petit
Popov Ramos Reyes Ricci Rivera Roberts Rossi Roux Saito Salazar Santos Sato Schmidt Schneider Schulz Sharma Silva Simon
Singh Smith Suzuki Tanaka Taylor Torres Turner Vargas Vega Virtanen Wagner Walker Wang Weber Wilson Wong Wright Yamamoto
Yilmaz Young Zhang Ziegler
""".split()

# supplier_name, country, lead_time_days, the categories it serves (none: no product of it is listed)
SUPPLIERS: tuple[tuple[str, str, int, str], ...] = (
    ("Bavaria Textil", "Germany", 14, "Fashion"), ("Atelier Lumiere", "France", 18, "Fashion Beauty"),
    ("Tessuti Veneti", "Italy", 21, "Fashion"), ("Guangzhou Apparel", "China", 45, "Fashion Sports"),
    ("Anatolia Denim", "Turkey", 24, "Fashion"), ("Porto Footwear", "Portugal", 19, "Fashion Sports"),
    ("Shenzhen Circuit Works", "China", 38, "Electronics"), ("Hanseatic Audio", "Germany", 12, "Electronics"),
    ("Seoul Display Systems", "South Korea", 31, "Electronics"), ("Nippon Optics", "Japan", 28, "Electronics"),
    ("Great Lakes Devices", "United States", 16, "Electronics"), ("Taipei Components", "Taiwan", 35, "Electronics Toys"),
    ("Nordic Timber", "Sweden", 26, "Home & Garden"), ("Schwarzwald Werkzeuge", "Germany", 11, "Home & Garden"),
    ("Provence Jardin", "France", 15, "Home & Garden"), ("Carrara Ceramiche", "Italy", 23, "Home & Garden"),
    ("Hanoi Woodcraft", "Vietnam", 48, "Home & Garden Toys"), ("Holland Bulbs", "Netherlands", 7, "Home & Garden"),
    ("Alpine Gear", "Austria", 13, "Sports"), ("Pacific Outdoor", "United States", 20, "Sports"),
    ("Catalunya Bikes", "Spain", 22, "Sports"), ("Maison Belle", "France", 10, "Beauty"),
    ("Seoul Skin Lab", "South Korea", 33, "Beauty"), ("Botanica Italia", "Italy", 17, "Beauty Groceries"),
    ("Atlas Argan", "Morocco", 29, "Beauty"), ("Nuremberg Toys", "Germany", 9, "Toys"),
    ("Billund Play", "Denmark", 12, "Toys"), ("Dongguan Plastics", "China", 52, "Toys"),
    ("Andes Coffee", "Colombia", 36, "Groceries"), ("Puglia Foods", "Italy", 8, "Groceries"),
    ("Kerala Spices", "India", 41, "Groceries"), ("Normandy Dairy", "France", 4, "Groceries"),
    ("Thames Press", "United Kingdom", 6, "Books"), ("Hudson Publishing", "United States", 9, "Books"),
    ("Leipzig Verlag", "Germany", 5, "Books"), ("Nile Cotton Works", "Egypt", 30, ""),
    ("Lisbon Cork Company", "Portugal", 25, ""),
)

# category_name -> (brands, first words, things) of its products
PRODUCTS: dict[str, tuple[str, str, str]] = {
    "Fashion": ("Aurelle,Nordhaven,Casa Moda,Denim & Co,Velvet Lane,Strada",
                "Linen,Wool,Silk,Denim,Cotton,Leather,Cashmere,Velvet,Classic,Slim,Oversized,Striped",
                "Dress,Jacket,Shirt,Jeans,Coat,Sweater,Skirt,Scarf,Boots,Sneakers,Handbag,Belt,Blazer,Trousers"),
    "Electronics": ("Voltara,Pixelon,Hanse Audio,Kinetik,Orbiq",
                    "Wireless,Smart,Portable,Compact,Ultra,Pro,Mini,Gaming,Digital,Premium",
                    "Headphones,Laptop,Tablet,Camera,Speaker,Monitor,Keyboard,Phone,Television,Watch,Router,Projector"),
    "Home & Garden": ("Hearthwood,Gardenia,Lumen Home,Terra Nova,Kupfer & Stein",
                      "Nordic,Rustic,Modern,Vintage,Compact,Foldable,Handmade,Large,Premium,Country",
                      "Table,Lamp,Armchair,Bookshelf,Lawn Mower,Plant Pot,Garden Bench,Mirror,Rug,Barbecue,Hedge Trimmer,Hose"),
    "Sports": ("Alpenglow,Strideon,Pacifica,Velocita,Ironpeak",
               "Trail,Pro,Training,Competition,Junior,Outdoor,Lightweight,Starter,Adventure",
               "Bicycle,Backpack,Tent,Running Shoes,Yoga Mat,Dumbbells,Helmet,Racket,Kayak,Skis,Football"),
    "Beauty": ("Maison Belle,Seoulista,Botanica,Atlas Rose",
               "Hydrating,Organic,Argan,Rose,Vitamin C,Matte,Gentle,Repairing,Charcoal,Mineral",
               "Face Cream,Shampoo,Lipstick,Perfume,Serum,Body Lotion,Face Mask,Mascara,Soap,Sunscreen"),
    "Toys": ("Brickfield,Plushkin,Wonderbox,Rocketeer",
             "Wooden,Magnetic,Giant,Remote-Control,Musical,Glow-in-the-Dark,Educational,Pocket",
             "Train Set,Puzzle,Robot,Dollhouse,Board Game,Teddy Bear,Building Blocks,Race Car,Kite,Castle"),
    "Groceries": ("Puglia Foods,Green Basket,Andes Gold,Dairy Lane",
                  "Organic,Premium,Artisan,Fair Trade,Classic,Mild,Intense,Family Pack,Small Batch,Country",
                  "Coffee Beans,Olive Oil,Pasta,Cheese,Chocolate,Honey,Tea,Granola,Tomato Sauce,Almonds"),
    "Books": ("Thames Press,Hudson House,Leipzig Verlag",
              "The Silent,The Last,A Brief History of the,Cooking in the,Secrets of the,Letters from the,Beyond the,Atlas of the",
              "Garden,Harbor,Mountains,City,Desert,Forest,Empire,Sea"),
}

# promotion_name without its year, discount_percent, first and last month-day
PROMOTIONS: tuple[tuple[str, int, str, str], ...] = (
    ("Winter Sale", 20, "01-05", "01-31"), ("Spring Refresh", 10, "04-01", "04-21"), ("Summer Clearance", 25, "07-01", "07-28"),
    ("Back to School", 15, "08-20", "09-10"), ("Black Friday", 30, "11-20", "11-30"), ("Holiday Deals", 15, "12-05", "12-24"),
)
# promotions that were planned and that no order ever used
UNUSED_PROMOTIONS: tuple[tuple[str, int, str, str], ...] = (
    ("App Launch 2022", 40, "2022-02-07", "2022-02-13"), ("Staff Preview 2024", 50, "2024-10-01", "2024-10-06"),
)

JOB_TITLES = ("Regional Manager", "Store Manager", "Assistant Manager", "Sales Associate", "Cashier", "Stock Clerk",
              "Visual Merchandiser")
RETURN_REASONS = ("Wrong size", "Damaged", "Defective", "Changed my mind", "Not as described", "Late delivery")
