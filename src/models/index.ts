export { type Engine, type EngineParts, engineOf } from './engine.js';
export { named } from './named.js';
export {
  detectors,
  languageModels,
  type Row,
  type Rows,
  realtimeModels,
  recognisers,
  voices,
} from './table.js';
