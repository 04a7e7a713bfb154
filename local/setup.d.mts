/** Path of a Node that runs TypeScript: the present one, or Node 24 fetched once into `.cache/node24`. */
export function ensureNode(root: string, version?: string): Promise<string>;
/** Installs exactly what package-lock.json says, unless a stamp in node_modules says that it is there. */
export function ensureDependencies(root: string, node: string): Promise<void>;
