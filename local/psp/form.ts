import type { Param, Params } from './types.ts';

type Building = { [key: string]: string | Building };

/**
 * Parses a form body as Stripe's SDKs write it: `metadata[order]=1&payment_method_types[0]=card&expand[]=charge`.
 * Lists become objects with their indexes as keys.
 */
export function parseForm(body: string): Params {
  const root: Building = Object.create(null) as Building;
  if (body === '') return root;
  for (const pair of body.split('&')) {
    const at = pair.indexOf('=');
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    put(root, name, at < 0 ? '' : decode(pair.slice(at + 1)));
  }
  return root;
}

const decode = (text: string) => {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  return spaced.includes('%') ? decodeURIComponent(spaced) : spaced;
};

function put(root: Building, name: string, value: string): void {
  const open = name.indexOf('[');
  if (open < 0) {
    root[name] = value;
    return;
  }
  const keys = [name.slice(0, open), ...name.slice(open + 1, -1).split('][')];
  let node = root;
  for (const [index, raw] of keys.entries()) {
    const key = raw === '' ? String(Object.keys(node).length) : raw;
    if (index === keys.length - 1) {
      node[key] = value;
      return;
    }
    let next = node[key];
    if (typeof next !== 'object') {
      next = Object.create(null) as Building;
      node[key] = next;
    }
    node = next;
  }
}

export function text(params: Params, name: string): string | undefined {
  const value: Param | undefined = params[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function flag(params: Params, name: string): boolean {
  return text(params, name) === 'true';
}

export function fields(params: Params, name: string): Record<string, string> {
  const value = params[name];
  if (typeof value !== 'object') return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
