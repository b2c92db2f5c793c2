export {
  assertLegal,
  checkedLink,
  IllegalOrderError,
  LegalityChecker,
  type LinkEntry,
} from './assert-legal.js';
export { drain, FakeClock } from './fake-clock.js';
export { type RecordedModel, recordedModel } from './recorded-model.js';
