export type { BrainLimits } from './brain/index.js';
export { cascadeCapabilities, cascadeDefaults, cascadeOutputRateHz } from './capabilities.js';
export { type CascadeLinkOptions, type CascadeParts, cascadeLink } from './cascade-link.js';
export { type CascadeModelOptions, cascadeModel } from './cascade-model.js';
export { Clauses } from './clauses.js';
export * from './dialogue/index.js';
export * from './script/index.js';
