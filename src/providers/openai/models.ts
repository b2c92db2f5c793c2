/** What is known of the vendor's models, by name. */
export {
  defaultModel,
  type ModelFacts,
  modelFacts,
  models,
  type TranscriberFacts,
  transcriberFacts,
  transcribers,
} from '../../wire/openai/models.js';
