import { BABIES, CARERS, CLEANERS, PAPERS, PETS } from './brands.ts';
import { department, leaf, shelf } from './build.ts';

const goods = { tax: 'goods', diet: 'none' } as const;

export const HOME = department(
  'Household',
  shelf(
    'Cleaning & Laundry',
    leaf('Laundry', {
      ...goods,
      brands: CLEANERS,
      varieties: ['', 'Sensitive', 'Lavender', 'Eco'],
      shape: 'jug',
      motif: 'flower',
      euros: 5.99,
      sizes: ['1 l', '1.5 l', '3 l'],
      about: 'Clean at 30 degrees.',
      items: [
        'Colour Detergent',
        'Universal Detergent',
        'Wool Detergent',
        'Fabric Softener',
        'Stain Remover',
      ],
    }),
    leaf('Dishwashing', {
      ...goods,
      brands: CLEANERS,
      varieties: ['', 'Lemon', 'Eco'],
      shape: 'bottle',
      motif: 'bubble',
      euros: 1.99,
      sizes: ['500 ml', '750 ml', '1 l'],
      about: 'Cuts grease, keeps hands soft.',
      items: ['Washing-Up Liquid', 'Rinse Aid', 'Dishwasher Gel', 'Machine Cleaner'],
    }),
    leaf('Surface Cleaners', {
      ...goods,
      brands: CLEANERS,
      varieties: ['', 'Citrus', 'Eco', 'Fresh'],
      shape: 'bottle',
      motif: 'bubble',
      euros: 2.29,
      sizes: ['500 ml', '750 ml', '1 l'],
      about: 'Streak-free in one go.',
      items: ['All-Purpose Cleaner', 'Bathroom Cleaner', 'Glass Cleaner', 'Kitchen Spray', 'Toilet Cleaner'],
    }),
  ),
  shelf(
    'Paper',
    leaf('Toilet & Kitchen Paper', {
      ...goods,
      brands: PAPERS,
      varieties: ['', 'Recycled', 'Extra Soft'],
      shape: 'roll',
      euros: 3.49,
      sizes: ['4 pc', '8 pc', '16 pc'],
      about: 'Soft, strong and from certified forests.',
      items: ['Toilet Paper', 'Kitchen Rolls', 'Paper Handkerchiefs'],
    }),
  ),
);

export const CARE = department(
  'Body Care',
  shelf(
    'Daily Care',
    leaf('Dental Care', {
      ...goods,
      brands: CARERS,
      varieties: ['', 'Sensitive', 'Whitening', 'Kids'],
      shape: 'tube',
      motif: 'herb',
      euros: 1.99,
      sizes: ['75 ml', '2 x 75 ml', '100 ml'],
      about: 'With fluoride and fresh mint.',
      items: ['Toothpaste', 'Tooth Gel', 'Gum Care Toothpaste'],
    }),
    leaf('Hair & Shower', {
      ...goods,
      brands: CARERS,
      varieties: ['', 'Sensitive', 'Moisture', 'Fresh'],
      shape: 'bottle',
      motif: 'flower',
      euros: 2.79,
      sizes: ['250 ml', '400 ml', '2 x 250 ml'],
      about: 'Mild to skin, without microplastics.',
      items: ['Shampoo', 'Conditioner', 'Shower Gel', 'Hand Soap', 'Body Lotion'],
    }),
    leaf('Creams & Deodorants', {
      ...goods,
      brands: CARERS,
      varieties: ['', 'Sensitive', 'Aloe'],
      shape: 'tube',
      motif: 'leaf',
      euros: 3.49,
      sizes: ['50 ml', '75 ml', '150 ml'],
      about: 'Absorbs at once.',
      items: ['Hand Cream', 'Face Cream', 'Sun Cream SPF 30', 'Deodorant Cream'],
    }),
  ),
);

export const FAMILY = department(
  'Baby & Pet',
  shelf(
    'Baby',
    leaf('Baby Food', {
      brands: BABIES,
      tax: 'food',
      diet: 'vegan',
      varieties: ['Organic', 'Organic First', 'Organic Smooth'],
      shape: 'jar',
      motif: 'carrot',
      euros: 1.19,
      sizes: ['125 g', '190 g', '6 x 190 g'],
      per100: [52, 0.4, 0.1, 10, 6, 1.8, 1, 0.03],
      about: 'Without added sugar or salt.',
      items: [
        { name: 'Carrot Purée' },
        { name: 'Apple & Banana Purée', motif: 'apple' },
        { name: 'Pumpkin & Potato', motif: 'potato' },
        { name: 'Pear Purée', motif: 'pear' },
        { name: 'Chicken & Rice', diet: 'meat', motif: 'chicken' },
      ],
    }),
  ),
  shelf(
    'Pets',
    leaf('Cat Food', {
      ...goods,
      brands: PETS,
      varieties: ['', 'Adult', 'Senior', 'Kitten'],
      shape: 'tin',
      motif: 'fish',
      euros: 0.89,
      sizes: ['85 g', '400 g', '12 x 85 g'],
      about: 'Complete food, no added sugar.',
      items: [
        { name: 'Cat Food with Salmon' },
        { name: 'Cat Food with Chicken', motif: 'chicken' },
        { name: 'Cat Food with Beef', motif: 'meat' },
      ],
    }),
    leaf('Dog Food', {
      ...goods,
      brands: PETS,
      varieties: ['', 'Adult', 'Puppy', 'Grain-Free'],
      shape: 'bag',
      motif: 'meat',
      euros: 2.49,
      sizes: ['800 g', '3 kg', '10 kg'],
      about: 'For long walks.',
      items: [
        { name: 'Dog Food with Beef' },
        { name: 'Dog Food with Lamb' },
        { name: 'Dog Treats', motif: 'star' },
      ],
    }),
  ),
);
