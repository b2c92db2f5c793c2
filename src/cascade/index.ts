export { anyVoice } from './any-voice.js';
export type { BrainLimits } from './brain/index.js';
export { cascadeCapabilities, cascadeDefaults, cascadeOutputRateHz } from './capabilities.js';
export { type CascadeLinkOptions, type CascadeParts, cascadeLink } from './cascade-link.js';
export { type CascadeModelOptions, cascadeModel } from './cascade-model.js';
export { Clauses } from './clauses.js';
export {
  type Dialogue,
  dialogueSentences,
  type FollowUp,
  type IntentSpec,
  loadDialogue,
  type SentenceOptions,
  type SlotSpec,
  type SlotValue,
  scriptedLlm,
  type Texts,
} from './dialogue/index.js';
export {
  type EnergyVadOptions,
  energyVad,
  loadScript,
  type Script,
  type ScriptedModelOptions,
  type ScriptFaults,
  type ScriptTurn,
  scriptedModel,
  scriptLlm,
  scriptStt,
  type ToneTtsOptions,
  toneTts,
} from './script/index.js';
