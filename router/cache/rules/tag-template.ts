/** The format of a `@cacheTag`: text with places for key fields (`{$key.id}`) or arguments (`{$args.id}`). */
export interface TagTemplate {
  readonly format: string;
  readonly source: 'key' | 'args' | undefined;
  /** Paths of the values, in order. */
  readonly paths: readonly (readonly string[])[];
  /** The tag for these values, in the order of `paths`; `undefined` when one is no text, number or Boolean. */
  fill(values: readonly unknown[]): string | undefined;
  /** Can the format give this tag? */
  matches(tag: string): boolean;
}

const PLACE = /\{\$(key|args)((?:\.[_A-Za-z][_0-9A-Za-z]*)+)\}/g;

/**
 * @param what Whose format it is, for the error.
 * @throws Error when the format has anything else in braces
 */
export function parseTemplate(what: string, format: string): TagTemplate {
  const found = [...format.matchAll(PLACE)];
  const texts = format.split(PLACE).filter((_, index) => index % 3 === 0);
  if (texts.some((text) => /[{}]/.test(text)))
    throw new Error(`${what} has a format that is not understood: "${format}".`);
  const pattern = new RegExp(`^${texts.map(escapeRegExp).join('[^]*')}$`);
  return {
    format,
    source: found[0]?.[1] as TagTemplate['source'],
    paths: found.map(([, , path]) => (path as string).slice(1).split('.')),
    fill(values) {
      let tag = texts[0] as string;
      for (const [index, value] of values.entries()) {
        if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
          return undefined;
        tag += `${value}${texts[index + 1]}`;
      }
      return tag;
    },
    matches: (tag) => pattern.test(tag),
  };
}

const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
