import type { Region } from '@aisle/platform/identity';
import type { Random } from '../random.ts';

/** A town with what an address there needs; `#` in a postcode stands for a digit, `@` for a letter. */
interface Town {
  readonly city: string;
  readonly state?: string;
  readonly postcode: string;
  readonly country: string;
  readonly dial: string;
}

interface People {
  readonly first: readonly string[];
  readonly last: readonly string[];
  readonly streets: readonly string[];
  /** Whether the number stands before the street. */
  readonly numberFirst: boolean;
  readonly towns: readonly Town[];
}

const town = (city: string, postcode: string, country: string, dial: string, state?: string): Town => ({
  city,
  postcode,
  country,
  dial,
  ...(state && { state }),
});

export const PEOPLE: Readonly<Record<Region, People>> = {
  us: {
    first: [
      'Emma',
      'Liam',
      'Olivia',
      'Noah',
      'Ava',
      'Mason',
      'Grace',
      'Ethan',
      'Zoe',
      'Marcus',
      'Naomi',
      'Caleb',
    ],
    last: [
      'Johnson',
      'Rivera',
      'Nguyen',
      'Carter',
      'Brooks',
      'Kim',
      'Patterson',
      'Flores',
      'Hughes',
      'Coleman',
    ],
    streets: [
      'Maple Street',
      'Oak Avenue',
      'Cedar Lane',
      'Washington Blvd',
      'Lakeview Drive',
      'Hillcrest Road',
    ],
    numberFirst: true,
    towns: [
      town('Austin', '787##', 'US', '+1512', 'TX'),
      town('Portland', '972##', 'US', '+1503', 'OR'),
      town('Chicago', '606##', 'US', '+1312', 'IL'),
      town('Atlanta', '303##', 'US', '+1404', 'GA'),
      town('Boston', '021##', 'US', '+1617', 'MA'),
    ],
  },
  eu: {
    first: [
      'Lena',
      'Jonas',
      'Giulia',
      'Matteo',
      'Camille',
      'Hugo',
      'Sofía',
      'Pablo',
      'Femke',
      'Daan',
      'Zofia',
      'Mateus',
    ],
    last: [
      'Schneider',
      'Rossi',
      'Moreau',
      'García',
      'de Vries',
      'Nowak',
      'Lindqvist',
      'Horvat',
      'Silva',
      'Bauer',
    ],
    streets: ['Lindenstraße', 'Rue des Lilas', 'Via Garibaldi', 'Calle Mayor', 'Kerkstraat', 'Schulgasse'],
    numberFirst: false,
    towns: [
      town('Berlin', '101##', 'DE', '+4930'),
      town('Lyon', '690##', 'FR', '+33478'),
      town('Milano', '201##', 'IT', '+3902'),
      town('Utrecht', '35## @@', 'NL', '+3130'),
      town('Wien', '11#0', 'AT', '+431'),
      town('Valencia', '460##', 'ES', '+34963'),
    ],
  },
  gb: {
    first: ['Amelia', 'Oliver', 'Isla', 'Harry', 'Freya', 'Arthur', 'Priya', 'Callum', 'Niamh', 'Rhys'],
    last: ['Smith', 'Hughes', 'Taylor', 'Patel', 'MacLeod', 'Evans', 'Walker', 'Begum', 'Wright', 'Campbell'],
    streets: ['High Street', 'Station Road', 'Church Lane', 'Victoria Road', 'Mill Lane', 'The Crescent'],
    numberFirst: true,
    towns: [
      town('London', 'N1 #@@', 'GB', '+4420'),
      town('Manchester', 'M4 #@@', 'GB', '+44161'),
      town('Bristol', 'BS6 #@@', 'GB', '+44117'),
      town('Glasgow', 'G12 #@@', 'GB', '+44141'),
      town('Cardiff', 'CF10 #@@', 'GB', '+4429'),
    ],
  },
  in: {
    first: ['Aarav', 'Ananya', 'Vihaan', 'Diya', 'Arjun', 'Meera', 'Kabir', 'Ishita', 'Rohan', 'Lakshmi'],
    last: ['Sharma', 'Iyer', 'Reddy', 'Khan', 'Mukherjee', 'Nair', 'Patel', 'Singh', 'Desai', 'Fernandes'],
    streets: ['MG Road', 'Park Street', 'Linking Road', 'Brigade Road', 'Anna Salai', 'Church Street'],
    numberFirst: true,
    towns: [
      town('Bengaluru', '5600##', 'IN', '+9180', 'Karnataka'),
      town('Mumbai', '4000##', 'IN', '+9122', 'Maharashtra'),
      town('Chennai', '6000##', 'IN', '+9144', 'Tamil Nadu'),
      town('Kolkata', '7000##', 'IN', '+9133', 'West Bengal'),
      town('Hyderabad', '5000##', 'IN', '+9140', 'Telangana'),
    ],
  },
  br: {
    first: ['Ana', 'João', 'Beatriz', 'Lucas', 'Mariana', 'Pedro', 'Júlia', 'Rafael', 'Larissa', 'Thiago'],
    last: ['Silva', 'Souza', 'Oliveira', 'Pereira', 'Costa', 'Almeida', 'Ribeiro', 'Carvalho', 'Nascimento'],
    streets: [
      'Rua das Flores',
      'Avenida Paulista',
      'Rua Augusta',
      'Rua do Sol',
      'Avenida Atlântica',
      'Rua XV de Novembro',
    ],
    numberFirst: false,
    towns: [
      town('São Paulo', '013##-0##', 'BR', '+5511', 'SP'),
      town('Rio de Janeiro', '220##-0##', 'BR', '+5521', 'RJ'),
      town('Belo Horizonte', '301##-0##', 'BR', '+5531', 'MG'),
      town('Recife', '500##-0##', 'BR', '+5581', 'PE'),
      town('Curitiba', '800##-0##', 'BR', '+5541', 'PR'),
    ],
  },
};

/** Letters that postcodes use; C, I, K, M, O, V are not in the British ones. */
const LETTERS = 'ABDEFGHJLNPQRSTUWXYZ';

/** Fills the pattern of a postcode or a telephone number. */
export function fill(pattern: string, random: Random): string {
  return pattern.replace(/#/g, () => String(random.int(1, 9))).replace(/@/g, () => random.pick([...LETTERS]));
}
