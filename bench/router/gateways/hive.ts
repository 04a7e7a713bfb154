import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { listenAndReport } from './report.ts';

/** `@graphql-hive/gateway` (its runtime on Node's HTTP server, as its documentation embeds it), default settings. */
const gateway = createGatewayRuntime({
  supergraph: process.env.SUPERGRAPH ?? '',
  logging: false,
  maskedErrors: false,
  graphiql: false,
});
listenAndReport(createServer({ keepAliveTimeout: 60_000 }, gateway as never));
