// Invented makers. A brand makes what its group makes; a few make several things.
export const GROWERS = [
  'Sunfield',
  'Orchard Lane',
  'Verde Valle',
  'Field & Furrow',
  'Casa Huerta',
  'Greenacre',
  'Hof Lindental',
  'Riverbend Farms',
];
export const DAIRIES = [
  'Almwind',
  'Willow Farm',
  'Meadowgate',
  'Lactina',
  'Bergkamm',
  'Old Mill Dairy',
  'Clover & Churn',
  'Fjordal',
];
export const PLANT_DAIRIES = ['Oat & Acre', 'Plantiva', 'Haferlust', 'Nutwell', 'Soyara', 'Kind Cow'];
export const CHEESES = [
  'Bergkamm',
  'Caseificio Rovena',
  'Maison Aubrac',
  'Old Mill Dairy',
  'Polderhof',
  'Cheddleton',
  'Alpenrund',
];
export const BAKERS = [
  'Kornblume',
  'Crust & Crumb',
  'Pane Luna',
  'Boulangerie Odette',
  'Stonehearth',
  'Mill Street Bakery',
  'Naanwala',
];
export const BUTCHERS = [
  'Highland Pride',
  'Metzgerei Vogt',
  'Prairie Cut',
  'La Dehesa',
  'Farmstead',
  'Smoke & Salt',
];
export const FISHERS = [
  'Nordhav',
  'Captain Brine',
  'Mare Azzurro',
  'Kerala Coast',
  'Blue Anchor',
  'Skagen Smokery',
];
export const MEATLESS = ['Plantiva', 'Green Butcher', 'Tofuri', 'Kind Cow', 'Pulse & Co'];
export const PASTAIOS = [
  'Barolli',
  'Nonna Ines',
  'Trattoria 44',
  'Grano Vivo',
  'Molino Sant’Elmo',
  'Pasta Pronta',
];
export const MILLERS = [
  'Golden Sheaf',
  'Rosenmühle',
  'Annapurna Mills',
  'Molino Sant’Elmo',
  'Prairie Gold',
  'Campo Belo',
];
export const SAUCIERS = [
  'Nonna Ines',
  'Sugo Rosso',
  'Trattoria 44',
  'Heritage Larder',
  'Tom & Basil',
  'La Cocina',
];
export const CANNERS = ['Orto Mio', 'Harvest Tin', 'Casa Huerta', 'Del Campo', 'Pantry Basics', 'Bonduro'];
export const OILERS = [
  'Olio Serra',
  'Finca Alarona',
  'Kalamos',
  'Rapsgold',
  'Quinta do Sobral',
  'Acetaia Bruni',
];
export const BAKING = ['Golden Sheaf', 'Sweet Pantry', 'Rosenmühle', 'Backfee', 'Sugarloaf'];
export const SPREADERS = [
  'Bee & Bramble',
  'Konfitura',
  'Heritage Larder',
  'Nutwell',
  'Mielina',
  'Morning Jar',
];
export const SPICERS = ['Malabar Trading', 'Spice Route', 'Herbaria', 'El Molinillo', 'Pfeffermann'];
export const WORLD = [
  'Malabar Trading',
  'Hanoi Street',
  'Sakura Kitchen',
  'El Molinillo',
  'Bombay Larder',
  'Dragon Wok',
];
export const CEREALS = ['Morning Mill', 'Haferlust', 'Crunchfield', 'Alpen Hof', 'Sunny Bowl'];
export const SNACKERS = [
  'Crispwell',
  'Salt & Reed',
  'Knabberkiste',
  'Papa Tuk',
  'Prairie Pop',
  'Nutty Trail',
];
export const CONFECTIONERS = [
  'Cacao Noir',
  'Chocolaterie Vimont',
  'Sugarloaf',
  'Bonbon Bay',
  'Schokohaus Edel',
  'Biscotti Rosa',
];
export const WATERS = ['Quellbach', 'Fontalba', 'Glen Ardoch', 'Serra Clara', 'Himgiri'];
export const JUICERS = ['Orchard Lane', 'Fruttina', 'Sunpress', 'Pomona', 'Tropikal'];
export const SODAS = ['Fizzbury', 'Cola Corriente', 'Limonata Bruna', 'Ginger & Sons', 'Blitz'];
export const ROASTERS = [
  'Torrefazione Adagio',
  'Harbour Roast',
  'Café Mirante',
  'Rösterei Nord',
  'Nilgiri Estate',
];
export const TEAS = ['Nilgiri Estate', 'Assamara', 'Kettle & Leaf', 'Teehaus Elbe', 'Herbaria'];
export const BREWERS = ['Brauhaus Sankt Veit', 'Two Herons', 'Cervejaria Mar', 'Blackwater', 'Hopfenstolz'];
export const VINTNERS = [
  'Quinta do Sobral',
  'Château Belmire',
  'Bodegas Alarona',
  'Weingut Steinthal',
  'Silver Creek',
];
export const FROZEN = ['Nordfrost', 'Pizzeria Volante', 'Winterfield', 'Gelateria Fiorino', 'Snowdrop'];
export const CLEANERS = ['Blitzblank', 'Purelle Home', 'Lavanda', 'Brightly', 'Ecofrisch', 'Pine & Pearl'];
export const PAPERS = ['Softina', 'Cloudleaf', 'Papyra', 'Ecofrisch'];
export const CARERS = ['Dentalis', 'Bloom & Bare', 'Lavanda', 'Mintera', 'Savon du Midi', 'Silkroot'];
export const BABIES = ['Little Sprout', 'Bambino Bio', 'First Spoon', 'Tiny Orchard'];
export const PETS = ['Whiskerton', 'Good Boy Kitchen', 'Purrfect', 'Fido & Field'];
