export { BodyError, readBody } from './read-body.ts';
