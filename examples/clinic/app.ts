import { fileURLToPath } from 'node:url';
import type { AgentSession, ReparteeError } from 'repartee';
import { createVoiceServer } from 'repartee/server';
import { clinicAgent } from './agent.js';
import { Desk } from './desk.js';
import { openVoice, type VoiceOptions } from './voice.js';

export interface ClinicOptions extends VoiceOptions {
  /** 0 = any free port. Default 3000. */
  port?: number;
  /** File of the appointment book; ':memory:' for one that is forgotten. */
  data: string;
  onCall?: (session: AgentSession) => void;
  onError?: (error: ReparteeError) => void;
}

export interface Clinic {
  url: string;
  desk: Desk;
  model: string;
  close(): Promise<void>;
}

/** The built page, beside this workspace. */
const page = fileURLToPath(new URL('../../../web/dist', import.meta.url));

/** The clinic's desk as a server: a page, and an agent of its own for each call. */
export async function openClinic(options: ClinicOptions): Promise<Clinic> {
  const voice = await openVoice(options);
  const desk = new Desk(options.data);
  const { onCall, onError } = options;
  try {
    const server = await createVoiceServer({
      page,
      port: options.port ?? 3000,
      call: () => ({ agent: clinicAgent(desk), options: { llm: voice.model }, greeting: voice.greeting }),
      ...(onCall === undefined ? {} : { onCall }),
      ...(onError === undefined ? {} : { onError }),
    });
    return {
      url: server.url,
      desk,
      model: voice.greeting.model,
      async close() {
        await server.close();
        await voice.close();
        desk.close();
      },
    };
  } catch (error) {
    await voice.close();
    desk.close();
    throw error;
  }
}
