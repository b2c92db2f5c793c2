import { describe, expect, it } from 'vitest';
import { countedIds } from '../../../src/core/index.js';
import { linkedPair } from '../../../src/net/index.js';
import { RealtimeModel, type RealtimeModelOptions } from '../../../src/providers/openai/index.js';
import { FakeClock } from '../../../src/testing/index.js';
import { assertClientEvent } from '../../schemas/openai.js';

type Json = Record<string, unknown>;

/** A model whose servers greet, confirm every update, and remember what they got. */
function stand(options: RealtimeModelOptions = {}) {
  const servers: { updates: Json[]; send: (event: Json) => void; socket: { close: () => void } }[] = [];
  const model = new RealtimeModel({
    apiKey: 'k',
    ...options,
    connect: async () => {
      const [near, far] = linkedPair();
      const send = (event: Json) => far.send(JSON.stringify(event));
      const updates: Json[] = [];
      far.onFrame((frame) => {
        const event: Json = JSON.parse(String(frame));
        assertClientEvent(event);
        if (event.type !== 'session.update') return;
        updates.push(event.session as Json);
        send({ type: 'session.updated', event_id: 'e', session: { id: 'sess_1' } });
      });
      far.onClose(() => {});
      servers.push({ updates, send, socket: far });
      send({ type: 'session.created', event_id: 'e', session: { id: 'sess_1' } });
      return near;
    },
  });
  const session = async () => {
    const opened = model.session({ clock: new FakeClock(), ids: countedIds() });
    await opened.opened;
    return opened;
  };
  return { model, servers, session };
}

/** Linked sockets and promises take their turns. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

describe('updateOptions of the model', () => {
  it('reaches every live session and those to come; only what changed is sent', async () => {
    const { model, servers, session } = stand();
    const first = await session();
    const second = await session();
    const closed = await session();
    await closed.close();
    expect([...model.liveSessions]).toEqual([first, second]);
    model.updateOptions({
      speed: 1.2,
      turnDetection: { type: 'server_vad', silenceDurationMs: 400 },
      inputAudioTranscription: null,
      instructions: 'Be kind.',
    });
    await settled();
    const change = {
      type: 'realtime',
      instructions: 'Be kind.',
      audio: {
        input: {
          transcription: null,
          turn_detection: {
            type: 'server_vad',
            create_response: true,
            interrupt_response: true,
            silence_duration_ms: 400,
          },
        },
        output: { speed: 1.2 },
      },
    };
    expect(servers[0]!.updates.slice(1)).toEqual([change]);
    expect(servers[1]!.updates.slice(1)).toEqual([change]);
    expect(servers[2]!.updates).toHaveLength(1);
    const third = await session();
    expect(servers[3]!.updates).toMatchObject([change]);
    for (const one of [first, second, third]) await one.close();
    expect(model.liveSessions.size).toBe(0);
  });

  it('a session that has ended by itself is forgotten', async () => {
    const { model, servers, session } = stand({ connOptions: { maxRetries: 0 } });
    const one = await session();
    one.on('error', () => {});
    servers[0]!.send({
      type: 'error',
      event_id: 'e',
      error: {
        type: 'invalid_request_error',
        code: 'invalid_api_key',
        message: 'No.',
        param: null,
        event_id: null,
      },
    });
    servers[0]!.socket.close();
    await settled();
    expect(model.liveSessions.size).toBe(0);
  });

  it('what the model does not take is thrown and changes nothing', async () => {
    const { model, servers, session } = stand({ model: 'gpt-realtime' });
    const one = await session();
    const before = model.defaults;
    for (const [update, code, param] of [
      [{ reasoning: { effort: 'low' } }, 'option_unsupported', 'reasoning'],
      [{ vendor: { parallelToolCalls: true } }, 'option_unsupported', 'parallelToolCalls'],
      [{ speed: 3 }, 'option_invalid', 'speed'],
      [{ vendor: { speed: 3 } }, 'option_invalid', 'vendor.speed'],
      [{ voice: 'puck' }, 'option_unsupported', 'voice'],
      [{ model: 'gpt-realtime-2' }, 'option_unsupported', 'model'],
      [{ apiKey: 'other' }, 'option_unsupported', 'apiKey'],
      [{ colour: 'red' }, 'option_invalid', 'colour'],
    ] as const) {
      expect(() => model.updateOptions(update as object)).toThrow(expect.objectContaining({ code, param }));
    }
    await settled();
    expect(model.defaults).toBe(before);
    expect(servers[0]!.updates).toHaveLength(1);
    await one.close();
  });

  it('a session that has spoken keeps its voice and says so; another one takes it', async () => {
    const { model, servers, session } = stand();
    const spoken = await session();
    const silent = await session();
    const errors: unknown[] = [];
    spoken.on('error', (error) => errors.push(error));
    servers[0]!.send({
      type: 'response.output_audio.delta',
      event_id: 'e',
      response_id: 'r',
      item_id: 'i',
      output_index: 0,
      content_index: 0,
      delta: 'AQACAA==',
    });
    await settled();
    model.updateOptions({ voice: 'cedar' });
    await settled();
    expect(errors).toMatchObject([{ code: 'unsupported', param: 'voice' }]);
    expect(servers[0]!.updates).toHaveLength(1);
    expect(servers[1]!.updates[1]).toEqual({ type: 'realtime', audio: { output: { voice: 'cedar' } } });
    await spoken.close();
    await silent.close();
  });
});
