"""Word banks for the texts of invented databases: names, places, titles and things. One bank a line (or more, indented)."""

from __future__ import annotations

import random
import re

_LINES = """
first_name: Anna, Ben, Carla, David, Elena, Felix, Grace, Hugo, Ines, Jack, Karin, Leo, Maria, Noah, Olga, Paul, Quentin,
    Rosa, Sam, Tina, Umar, Vera, Walter, Xenia, Yusuf, Zoe, Aisha, Bruno, Chen, Dimitri, Emma, Fatima, George, Hana, Ivan,
    Julia, Kofi, Lena, Mateo, Nadia, Oscar, Priya, Ravi, Sofia, Tom, Ursula, Viktor, Wei, Yara, Liam
last_name: Smith, Garcia, Müller, Rossi, Dubois, Novak, Kim, Tanaka, Silva, Johansson, Brown, Lopez, Weber, Ferrari, Martin,
    Kowalski, Lee, Suzuki, Costa, Nielsen, Taylor, Moreno, Fischer, Ricci, Bernard, Horvat, Park, Sato, Pereira, Larsen,
    Walker, Young, Okafor, Haddad, Cohen, Singh, Nguyen, Ali, Petrov, Murphy
city: London, Paris, Berlin, Madrid, Rome, Vienna, Oslo, Dublin, Lisbon, Athens, Prague, Warsaw, Zurich, Geneva, Munich,
    Hamburg, Lyon, Milan, Porto, Seville, New York, Chicago, Boston, Denver, Austin, Seattle, Toronto, Montreal, Sydney,
    Perth, Tokyo, Osaka, Seoul, Mumbai, Delhi, Cairo, Nairobi, Lagos, Lima, Bogota, San Francisco, Los Angeles, Cape Town, Sao
    Paulo, Buenos Aires
country: Germany, France, Italy, Spain, Portugal, Poland, Austria, Switzerland, Norway, Sweden, Denmark, Finland, United
    Kingdom, Ireland, Greece, Japan, China, India, South Korea, Australia, Canada, United States, Brazil, Mexico, Argentina,
    Chile, Egypt, Kenya, Nigeria, South Africa, Turkey, Netherlands, Belgium
nationality: German, French, Italian, Spanish, Portuguese, Polish, Austrian, Swiss, Norwegian, Swedish, British, Irish, Greek,
    Japanese, Chinese, Indian, Korean, Australian, Canadian, American, Brazilian, Mexican, Argentine, Egyptian, Kenyan, Dutch,
    Belgian
state: California, Texas, Florida, Ohio, Georgia, Virginia, Oregon, Nevada, Utah, Maine, Alaska, Bavaria, Ontario, Quebec,
    Victoria, Queensland, Kerala, Punjab
continent: Europe, Asia, Africa, North America, South America, Oceania
language: English, French, German, Spanish, Italian, Japanese, Mandarin, Hindi, Portuguese, Arabic, Korean, Russian
color: Red, Blue, Green, Black, White, Yellow, Grey, Brown, Orange, Purple
brand: Aurora, Nordway, Velta, Kestrel, Lumina, Brightside, Monterra, Zephyr, Oakline, Pinnacle, Halcyon, Vantage, Corvo,
    Tidal, Ember
product_category: Furniture, Electronics, Clothing, Shoes, Toys, Garden, Kitchen, Sports, Books, Beauty, Office Supplies,
    Groceries, Jewelry, Pet Supplies
product: Desk Lamp, Office Chair, Running Shoes, Coffee Maker, Water Bottle, Rain Jacket, Yoga Mat, Wool Scarf, Garden Hose,
    Tea Kettle, Board Game, Phone Case, Travel Bag, Wall Clock, Wireless Mouse, Picture Frame, Bread Knife, Camping Tent, Sun
    Hat, Table Fan, Leather Wallet, Notebook, Headphones, Bookshelf
company: Acme Corp, Globex, Initech, Umbra Ltd, Soylent Foods, Hooli, Vandelay Industries, Stark Logistics, Wayne Partners,
    Blue Ridge Holdings, Northwind Traders, Contoso, Fabrikam, Tailspin, Adventure Works, Litware, Proseware, Wingtip, Trey
    Research, Lakeside Group
insurer: Alliance Care, MediPlus, HealthFirst, Union Life, Guardian Mutual, CarePoint
industry: Retail, Energy, Finance, Healthcare, Automotive, Media, Education, Agriculture, Technology, Construction
department: Sales, Marketing, Finance, Engineering, Human Resources, Legal, Research, Operations, Customer Support,
    Procurement
job: Engineer, Accountant, Sales Manager, Clerk, Analyst, Nurse, Teacher, Driver, Cashier, Designer, Technician, Consultant,
    Lawyer, Secretary, Team Lead
subject: Mathematics, Physics, History, Biology, Chemistry, Literature, Geography, Computer Science, Economics, Art, Music,
    Philosophy
course: Linear Algebra, Organic Chemistry, World History, Intro to Databases, Creative Writing, Microeconomics, Data
    Structures, Human Anatomy, Modern Art, Public Speaking, Statistics, Ethics
club: Chess Club, Drama Society, Robotics Club, Debate Team, Photo Club, Hiking Group, Film Circle, Jazz Band
medical: Cardiology, Neurology, Oncology, Pediatrics, Surgery, Radiology, Dermatology, Orthopedics, Psychiatry, Emergency
disease: Flu, Diabetes, Asthma, Hypertension, Migraine, Pneumonia, Arthritis, Anemia, Bronchitis, Fracture
drug: Ibuprofen, Amoxicillin, Metformin, Lisinopril, Atorvastatin, Omeprazole, Paracetamol, Aspirin, Insulin, Prednisone
building: Main Hall, North Tower, Science Center, Old Mill, East Wing, Riverside House, Central Block, Annex B
room: A101, B204, C310, D012, E220, Aula, Hall 3
airport: Heathrow, Charles de Gaulle, Schiphol, Changi, Fiumicino, Gatwick, Barajas, Logan, Narita, Malpensa
airline: Skyways, Nordic Air, Blue Jet, TransAtlantic, Pacific Wings, Sunline, Alpine Air, Eagle Airways
aircraft: A320, A350, B737, B777, E190, CRJ900, A220, B787
studio: Paragon Pictures, Moonlight Films, Silver Gate, Red Fox Studios, Harbor Lights, Ninth Street, Big Lantern
title: The Last Summer, Silent River, Night Train, Broken Glass, Golden Hour, Lost Horizon, Paper Moon, Winter Light, The Long
    Road, City of Dust, Second Chance, Blue Garden, The Stranger, Falling Stars, Deep Water, Open Sky, The Glass Tower,
    Northern Lights, Hidden Path, Wild Roses
genre: Drama, Comedy, Thriller, Horror, Romance, Documentary, Fantasy, Crime, Adventure, Animation
newspaper: Daily Herald, Morning Post, Evening Star, City Times, The Observer
band: The Owls, Velvet Harbor, Neon Tigers, Lunar Echo, Marigold, Static Youth, Paper Planes, Iron Valley, Coral Reef,
    Midnight Radio
music_genre: Rock, Pop, Jazz, Hip Hop, Classical, Folk, Electronic, Blues, Country, Metal
label: Sunrise Records, Deep Groove, Polar Music, Red Door, Echo Lane
venue: Arena Nord, Olympia Hall, River Stage, Grand Theatre, City Stadium, Open Air Park
team: Rovers, United, Athletic, Wanderers, Dynamo, Olympic, Tigers, Falcons, Wolves, Sharks, Eagles, Lions
league: Premier League, La Liga, Bundesliga, Serie A, Ligue 1
hotel: Grand Palace, Sea View, Mountain Lodge, City Inn, Royal Garden, Sunset Resort, Park Plaza, Old Town Hotel
restaurant: Blue Olive, La Piazza, Golden Dragon, Spice Route, The Green Fork, Harbor Grill, Casa Luna, Sakura, Le Petit Coin
cuisine: Italian, French, Japanese, Indian, Mexican, Greek, Thai, Spanish
dish: Margherita Pizza, Beef Stew, Caesar Salad, Tomato Soup, Grilled Salmon, Cheesecake, Pad Thai, Mushroom Risotto,
    Lemonade, Apple Pie, Lamb Curry
publisher: Penfield Press, Harbor House, Lantern Books, Meridian, Old Oak Publishing, Quill & Co
project: Apollo, Phoenix, Mercury, Atlas, Orion, Titan, Horizon, Nova, Aurora, Compass, Beacon, Gateway
route: Coast Line, Hill Road, North Loop, Market Street, River Road, Valley Way, Station Street, Long Lane
plant: Greenfield, Riverside Station, Eastport, Highland Park, Sunny Plains, Westbay, Iron Hill
party: People's Party, Green Union, Liberal Alliance, Workers' Front, National Union, Civic Movement
farm: Willow Farm, Sunny Acres, Oak Hill, Meadow Brook, Green Valley, Stone Barn
crop: Wheat, Corn, Barley, Soybeans, Potatoes, Rice, Sunflower, Sugar Beet
lab: Quantum Lab, Cell Biology Lab, Materials Lab, Robotics Lab, Climate Lab, Optics Lab
university: Oxford, Stanford, ETH Zurich, MIT, Sorbonne, Kyoto University, Heidelberg
science: Physics, Genetics, Neuroscience, Astronomy, Ecology, Linguistics, Robotics, Chemistry
paper: A Study of Light, On Small Graphs, Deep Sea Signals, Notes on Memory, The Shape of Data, Climate at the Edge, New Ways
    of Counting, Patterns of Sleep
journal: Nature, Science, The Lancet, Cell, Physical Review, Journal of Ecology
instrument: Microscope, Spectrometer, Centrifuge, Laser, Telescope, Incubator
museum: Modern Art Museum, City Gallery, National Museum, Museum of Design, House of History
shop: Downtown Store, Airport Shop, Harbor Point, Central Plaza, Riverside Mall, Hilltop Corner, Old Market, Westgate
school: Lincoln School, Oak Street School, St Mary, Riverside High, Greenwood Academy
park: Central Park, Rose Garden, Lake Park, Pine Grove, Victoria Park
team_name: Platform, Mobile, Payments, Search, Growth, Infrastructure, Data
code_language: Python, Java, Go, Rust, TypeScript, C++, Kotlin
race: Spring Classic, Grand Tour, Coastal Cup, Mountain Challenge, City Marathon, Autumn Open, Golden Wheel
car: Model A, Civic, Golf, Focus, Corolla, Clio, Panda, Fiesta, Octavia
car_make: Toyota, Ford, Volkswagen, Honda, Renault, Fiat, Skoda, BMW
machine: Unit 12, Line 4, Press 7, Alpha 300, Delta 9, Robot Arm 2, Mixer 5, Gamma 40
part: Gear, Valve, Bolt, Spring, Axle, Bearing, Bracket, Gasket, Piston
tour: Island Escape, City Lights, Desert Trail, Alpine Trek, Wine Route, Northern Safari, Old Towns
animal: Lion, Elephant, Penguin, Giraffe, Zebra, Tiger, Panda, Otter, Flamingo, Gorilla
account: Cash, Accounts Receivable, Office Supplies, Payroll, Equipment, Sales Revenue, Travel Costs
ship: Sea Star, Northern Wind, Ocean Pearl, Iron Duke, Blue Marlin, Queen Anne
sport: Swimming, Rowing, Judo, Fencing, Archery, Biathlon, Curling, Sailing, Boxing
"""
BANKS: dict[str, tuple[str, ...]] = {
    name: tuple(word.strip() for word in words.split(","))
    for name, _, words in (line.partition(":") for line in re.sub(r"\n +", " ", _LINES).strip().splitlines())
}


def texts(bank: str, rng: random.Random, most: int = 14) -> list[str]:
    """Some texts of a bank; persons are put together from first and last names."""
    if bank == "person":
        first, last = BANKS["first_name"], BANKS["last_name"]
        return [f"{rng.choice(first)} {rng.choice(last)}" for _ in range(most)]
    words = BANKS[bank]
    return rng.sample(words, min(len(words), rng.randrange(5, most + 1)))
