/** What a picture looks like; the drawing of each shape is in a file of its name. */
export const SHAPES = [
  'bag',
  'bottle',
  'bowl',
  'box',
  'bread',
  'can',
  'carton',
  'cheese',
  'egg-box',
  'fish',
  'fruit',
  'jar',
  'jug',
  'meat-tray',
  'pouch',
  'roll',
  'tin',
  'tube',
  'tub',
  'vegetable',
] as const;
export type Shape = (typeof SHAPES)[number];

/** Everything a picture is drawn from; small, so that it is stored instead of the picture. */
export interface PictureRecipe {
  readonly shape: Shape;
  /** Main colour of the pack or the fruit, `#rrggbb`. */
  readonly base: string;
  /** Colour of label and lid, `#rrggbb`. */
  readonly accent: string;
  /** Which of the shape's motifs is drawn (`apple`, `carrot`, `wheat` …); empty for none. */
  readonly motif: string;
}

/** The words on the pack. */
export interface PictureText {
  readonly brand: string;
  readonly name: string;
  /** Size of the variant, e.g. `6 × 330 ml`. */
  readonly size: string;
}
