/** `npm run schema:accept`: makes the API that the subgraphs compose to now the one that later changes are judged against. */
import { writeFile } from 'node:fs/promises';
import { BASELINE, composeApi, SUPERGRAPH } from './compose.ts';

const composed = await composeApi();
await writeFile(SUPERGRAPH, composed.supergraphSdl);
await writeFile(BASELINE, composed.apiSdl);
console.log(`schema: ${BASELINE} is the accepted API now`);
