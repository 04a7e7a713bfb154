export { checkDocument, type DocumentRules } from './check-document.ts';
export { type OperationCost, operationCost } from './cost.ts';
export { type CostRules, costRulesOf } from './cost-rules.ts';
export { isLimitCode, type LimitCode, limitError } from './limit-error.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { pageVariableError, pageVariables } from './pages.ts';
