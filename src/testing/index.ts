export {
  assertLegal,
  checkedLink,
  IllegalOrderError,
  LegalityChecker,
  type LinkEntry,
} from './assert-legal.js';
export * from './caller/index.js';
export { drain, FakeClock } from './fake-clock.js';
export {
  type CuttableSocket,
  type CuttableSocketSource,
  type DialFault,
  type Direction,
  describePlan,
  type Fault,
  type FaultBody,
  type FaultPlan,
  type FaultPlanOptions,
  FaultProxy,
  type FaultProxyOptions,
  type FaultWire,
  type FiredFault,
  faultPlan,
  type Moment,
  type ProxyDial,
  type Random,
  seededRandom,
  type TcpFault,
  type TcpProxy,
  type TcpProxyOptions,
  tcpFaults,
  tcpProxy,
} from './faults/index.js';
export { type RecordedModel, recordedModel } from './recorded-model.js';
export * from './report/index.js';
