import { CompositionFailure, composeFile } from './compose/index.ts';

/**
 * `npm run router -- check supergraph.yaml`: composes, prints what is wrong or worth knowing.
 * @returns true when it composes
 */
export async function check(file: string, write: (line: string) => void): Promise<boolean> {
  try {
    const { subgraphs, hints, supergraphSdl } = await composeFile(file);
    for (const { code, message } of hints) write(`hint ${code}: ${message}`);
    write(
      `${file} composes: ${counted(subgraphs.length, 'subgraph')}, ${counted(hints.length, 'hint')}, ${supergraphSdl.length} characters of supergraph.`,
    );
    return true;
  } catch (error) {
    if (!(error instanceof CompositionFailure)) throw error;
    for (const { code, message, locations } of error.problems)
      write(`error ${code}: ${message}${locations.length > 0 ? ` (${locations.join(', ')})` : ''}`);
    write(`${file} does not compose: ${counted(error.problems.length, 'problem')}.`);
    return false;
  }
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
