import { AgentSession } from 'repartee';
import { MemoryTransport } from 'repartee/transports/memory';
import { clinicAgent } from '../../examples/dist/clinic/agent.js';
import { Desk } from '../../examples/dist/clinic/desk.js';
import type { Voice } from '../../examples/dist/clinic/voice.js';
import { concatPcm, Resampler } from '../../src/audio/index.js';
import { speak } from '../../src/speech/embedded/speak.js';

export interface SpokenCall {
  /** What the desk understood, line by line. */
  understood: string[];
  /** What it said, line by line; first the greeting. */
  answers: string[];
  calls: { name: string; args: unknown; output: unknown }[];
}

/**
 * Holds a conversation with the clinic without a page: agent, OpenAI's client, gateway and embedded engine as in a call, with
 * the microphone's audio as fast as it is taken. Each line waits for the answer to the one before.
 */
export async function holdCall(voice: Voice, lines: readonly string[], speaker: string): Promise<SpokenCall> {
  const desk = new Desk(':memory:');
  const session = new AgentSession({ llm: voice.model });
  const transport = new MemoryTransport({ realTime: false, keepHeard: false });
  const call: SpokenCall = { understood: [], answers: [], calls: [] };
  const started = new Map<string, unknown>();
  let heard: string[] = [];
  let said: string[] = [];
  let wake = () => {};
  session.on('user_input_transcribed', ({ transcript, isFinal }) => {
    if (isFinal) heard.push(transcript);
    wake();
  });
  session.on('agent_output_transcribed', ({ heard: text, isFinal }) => {
    if (isFinal) said.push(text);
    wake();
  });
  session.on('tool_started', ({ callId, args }) => started.set(callId, JSON.parse(args)));
  session.on('function_tools_executed', ({ calls }) => {
    for (const { callId, name, output } of calls) {
      call.calls.push({ name, args: started.get(callId), output: JSON.parse(output) });
    }
  });
  session.on('agent_state_changed', () => wake());
  const settled = async (isAnswered: () => boolean) => {
    while (!isAnswered() || session.agentState !== 'listening' || session.realtime.isReplying) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      // After all that the same event still brings about.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  try {
    await session.start({ agent: clinicAgent(desk), transport });
    await settled(() => said.length > 0);
    call.answers.push(said.join(' '));
    for (const line of lines) {
      heard = [];
      said = [];
      await transport.say(await microphone(line, speaker));
      await settled(() => heard.length > 0 && said.length > 0);
      call.understood.push(heard.join(' '));
      call.answers.push(said.join(' '));
    }
    return call;
  } finally {
    await session.close();
    desk.close();
  }
}

/** A line at 24 kHz, with enough silence behind it to end the turn. */
async function microphone(text: string, voice: string): Promise<Int16Array> {
  const { pcm, sampleRateHz } = await speak(text, { voice });
  const resampler = new Resampler(sampleRateHz, 24_000);
  const silence = new Int16Array(24_000 * 0.8);
  return concatPcm([silence.subarray(0, 4_800), resampler.process(pcm), resampler.flush(), silence]);
}
