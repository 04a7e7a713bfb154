/** `npm run schema:accept`: makes the API that the subgraphs compose to now the one that later changes are judged against. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { BASELINE, composeApi, SUPERGRAPH } from './compose.ts';
import { EVENT_FOLDER, eventFiles, readEvents } from './events.ts';

const composed = await composeApi();
await writeFile(SUPERGRAPH, composed.supergraphSdl);
await writeFile(BASELINE, composed.apiSdl);
await rm(EVENT_FOLDER, { recursive: true, force: true });
await mkdir(EVENT_FOLDER, { recursive: true });
for (const [file, content] of eventFiles(await readEvents())) await writeFile(file, content);
console.log(`schema: ${BASELINE} and the events are the accepted ones now`);
