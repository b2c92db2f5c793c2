export type { DialFault, Direction, Fault, FaultBody, FaultPlan, FaultWire, Moment } from './faults.js';
export { describePlan, type FaultPlanOptions, faultPlan } from './plan.js';
export type { CuttableSocket } from './proxied-socket.js';
export {
  type CuttableSocketSource,
  FaultProxy,
  type FaultProxyOptions,
  type FiredFault,
  type ProxyDial,
} from './proxy.js';
export { type Random, seededRandom } from './random.js';
export { type TcpFault, type TcpProxy, type TcpProxyOptions, tcpFaults, tcpProxy } from './tcp-proxy.js';
