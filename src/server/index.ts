export { PrometheusMetrics } from './call-metrics.js';
export { type Greeting, publish } from './publish.js';
export { type Call, createVoiceServer, type VoiceServer, type VoiceServerOptions } from './voice-server.js';
