export { checkDocument, type DocumentRules } from './check-document.ts';
export { isLimitCode, type LimitCode, limitError } from './limit-error.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { pageVariableError, pageVariables } from './pages.ts';
