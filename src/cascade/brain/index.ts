export {
  type BrainEffect,
  type BrainInput,
  type BrainLimits,
  type BrainOptions,
  type BrainState,
  createBrain,
  defaultLimits,
} from './state.js';
export { brainStep } from './step.js';
