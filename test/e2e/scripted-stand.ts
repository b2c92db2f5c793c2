import { Agent, type AgentSession } from '../../src/agent/index.js';
import { type Script, scriptedModel } from '../../src/cascade/index.js';
import type { ReparteeError, Transport } from '../../src/core/index.js';
import { createGateway, type Gateway } from '../../src/gateway/index.js';
import { RealtimeModel } from '../../src/providers/openai/index.js';
import { createVoiceServer } from '../../src/server/index.js';
import { WireEar } from './wire-ear.js';

export interface ScriptedStand {
  url: string;
  wire: WireEar;
  gateway: Gateway;
  errors: ReparteeError[];
  /** The next call's session, before it starts. */
  nextCall(): Promise<{ session: AgentSession; transport: Transport }>;
  close(): Promise<void>;
}

/** Page server, agent, OpenAI's client, gateway and a scripted model: the whole path on loopback. */
export async function openScriptedStand(options: {
  script: Script;
  page: string;
  agent?: () => Agent;
  silenceMs?: number;
  port?: number;
}): Promise<ScriptedStand> {
  const { script, page, silenceMs = 300 } = options;
  const wire = new WireEar();
  const errors: ReparteeError[] = [];
  const onError = (error: ReparteeError) => errors.push(error);
  const gateway = await createGateway({ model: scriptedModel(script), tap: wire.tap, onError });
  const model = new RealtimeModel({
    // A model that is gone is gone for good here.
    connOptions: { maxRetries: 2, intervalMs: 100 },
    baseUrl: `${gateway.httpUrl}/v1`,
    model: 'script',
    apiKey: 'none-needed',
    turnDetection: { type: 'server_vad', silenceDurationMs: silenceMs },
  });
  let found = (_call: { session: AgentSession; transport: Transport }) => {};
  const server = await createVoiceServer({
    page,
    port: options.port ?? 0,
    call: () => ({
      agent: options.agent?.() ?? new Agent({ instructions: 'Play the script.' }),
      options: { llm: model },
      greeting: { model: 'A script', agent: 'Test', scripted: true },
    }),
    onCall: (session, transport) => found({ session, transport }),
    onError,
  });
  return {
    url: server.url,
    wire,
    gateway,
    errors,
    nextCall: () =>
      new Promise((resolve) => {
        found = resolve;
      }),
    async close() {
      await server.close();
      await gateway.close();
    },
  };
}
