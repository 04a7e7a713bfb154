export {
  anonymous,
  type Caller,
  hasScope,
  isRegion,
  REGIONS,
  type Region,
  ROLES,
  type Role,
  service,
} from './caller.ts';
export { ENVELOPE_HEADER, type Envelope, EnvelopeError, openEnvelope, sealEnvelope } from './envelope.ts';
