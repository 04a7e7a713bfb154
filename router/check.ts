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
      `${file} composes: ${subgraphs.length} subgraphs, ${hints.length} hints, ${supergraphSdl.length} characters of supergraph.`,
    );
    return true;
  } catch (error) {
    if (!(error instanceof CompositionFailure)) throw error;
    for (const { code, message, locations } of error.problems)
      write(`error ${code}: ${message}${locations.length > 0 ? ` (${locations.join(', ')})` : ''}`);
    write(`${file} does not compose: ${error.problems.length} problems.`);
    return false;
  }
}
