import { describe, expect, it } from 'vitest';
import { countedIds } from '../../../src/core/index.js';
import type { Event } from '../../../src/realtime/index.js';
import { openaiClientMachine } from '../../../src/wire/openai/client/index.js';
import { ClientBench, config, manual, response, session } from './client-harness.js';

const created = { type: 'session.created', event_id: 'e1', session: session() };
const updated = { type: 'session.updated', event_id: 'e2', session: session() };

describe('opening', () => {
  it('open -> waits for session.created -> one update and the history -> session.updated -> ready', () => {
    const bench = new ClientBench();
    bench.do({
      t: 'open',
      config: {
        ...config,
        instructions: 'Be kind.',
        tools: [{ name: 'look', description: 'Looks.', parameters: { type: 'object', properties: {} } }],
        toolChoice: { name: 'look' },
        transcription: null,
        vendor: { speed: 1.2, noiseReduction: null, maxOutputTokens: 400 },
      },
      history: [
        { kind: 'message', id: 'm1', role: 'user', parts: [{ kind: 'audio', transcript: 'Good day.' }] },
        { kind: 'message', id: 'm2', role: 'assistant', parts: [{ kind: 'audio', transcript: 'Hello.' }] },
        { kind: 'call', id: 'm3', call: 'call_1', name: 'look', args: '{}' },
        { kind: 'result', id: 'm4', call: 'call_1', output: 'nothing' },
        { kind: 'provider', id: 'm5', type: 'mcp_call' },
        { kind: 'message', id: 'm6', role: 'user', parts: [] },
      ],
    });
    expect(bench.sent()).toEqual([]);
    bench.serve(created);
    const [update, ...items] = bench.sent();
    expect(update).toEqual({
      type: 'session.update',
      event_id: 'event_1',
      session: {
        type: 'realtime',
        output_modalities: ['audio'],
        instructions: 'Be kind.',
        tools: [
          {
            type: 'function',
            name: 'look',
            description: 'Looks.',
            parameters: { type: 'object', properties: {} },
          },
        ],
        tool_choice: { type: 'function', name: 'look' },
        max_output_tokens: 400,
        audio: {
          input: {
            format: { type: 'audio/pcm', rate: 24000 },
            noise_reduction: null,
            transcription: null,
            turn_detection: { type: 'server_vad', create_response: true, interrupt_response: true },
          },
          output: { format: { type: 'audio/pcm', rate: 24000 }, voice: 'marin', speed: 1.2 },
        },
      },
    });
    expect(items.map(({ item }) => item)).toEqual([
      { id: 'm1', type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Good day.' }] },
      { id: 'm2', type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello.' }] },
      { id: 'm3', type: 'function_call', name: 'look', arguments: '{}', call_id: 'call_1' },
      { id: 'm4', type: 'function_call_output', call_id: 'call_1', output: 'nothing' },
    ]);
    expect(bench.news()).toEqual([]);
    bench.serve(updated);
    expect(bench.news()).toEqual(['ready sess_1']);
    expect(bench.events[0]).toMatchObject({
      expiresAtMs: 1_800_000_000_000,
      effective: {
        voice: 'marin',
        output: 'audio',
        turns: { owner: 'wire', kind: 'server_vad', silenceMs: 200, autoReply: true },
        transcription: { model: 'gpt-transcribe' },
      },
    });
  });

  it('manual turns are told as turn_detection null', () => {
    const bench = new ClientBench();
    bench.do({ t: 'open', config: manual, history: [] });
    bench.serve(created);
    expect(bench.sent()[0]).toMatchObject({ session: { audio: { input: { turn_detection: null } } } });
  });

  it('what comes before open waits for it: greeting, fatal error, close', () => {
    const bench = new ClientBench();
    bench.serve({
      type: 'error',
      event_id: 'e',
      error: {
        type: 'invalid_request_error',
        code: 'invalid_api_key',
        message: 'Incorrect API key.',
        param: null,
        event_id: null,
      },
    });
    bench.machine.closed(3000, 'invalid_request_error.invalid_api_key', 0);
    expect(bench.news()).toEqual([]);
    bench.do({ t: 'open', config, history: [] });
    expect(bench.news()).toEqual(['closing invalid_api_key fatal']);
    expect(bench.events[0]).toMatchObject({
      message:
        'Incorrect API key. The server closed the connection (3000 invalid_request_error.invalid_api_key).',
    });
  });

  it('greeted before open -> answers at open', () => {
    const bench = new ClientBench();
    bench.serve(created);
    expect(bench.sent()).toEqual([]);
    bench.do({ t: 'open', config, history: [] });
    expect(bench.sent()).toHaveLength(1);
  });

  it.each([['event_1'], [null]])('the update is refused (event_id %s) -> closing fatal', (eventId) => {
    const bench = new ClientBench();
    bench.do({ t: 'open', config, history: [] });
    bench.serve(created, {
      type: 'error',
      event_id: 'e',
      error: {
        type: 'invalid_request_error',
        code: 'invalid_value',
        message: 'No such voice.',
        param: 'session.audio.output.voice',
        event_id: eventId,
      },
    });
    expect(bench.news()).toEqual(['closing invalid_value fatal']);
    expect(bench.closes).toEqual([[1000, '']]);
  });

  it('a refused item of the history does not keep the session from opening', () => {
    const bench = new ClientBench();
    bench.do({
      t: 'open',
      config,
      history: [{ kind: 'message', id: 'm1', role: 'user', parts: [{ kind: 'text', text: 'x' }] }],
    });
    bench.serve(
      created,
      {
        type: 'error',
        event_id: 'e',
        error: {
          type: 'invalid_request_error',
          code: 'item_already_exists',
          message: 'Twice.',
          param: 'item.id',
          event_id: 'event_2',
        },
      },
      updated,
    );
    expect(bench.news()).toEqual(['refused item_already_exists', 'ready sess_1']);
  });

  it('commands before ready wait and go before what the listener of ready asks; audio is refused once', () => {
    const bench = new ClientBench();
    bench.do({ t: 'open', config, history: [] });
    bench.do({ t: 'reply', cmd: 'c1' });
    // Straight to the machine: a session never does this.
    bench.machine.local({ t: 'audio', pcm: new Int16Array(480), atMs: 0 }, 0);
    bench.machine.local({ t: 'audio', pcm: new Int16Array(480), atMs: 20 }, 0);
    bench.onEvent = (event) => {
      if (event.t === 'ready') bench.do({ t: 'item.remove', cmd: 'c2', item: 'i' });
    };
    bench.serve(created);
    expect(bench.sent().map(({ type }) => type)).toEqual(['session.update']);
    bench.serve(updated);
    expect(bench.sent().map(({ event_id }) => event_id)).toEqual(['c1', 'c2']);
    expect(bench.news()).toEqual(['refused illegal_command', 'ready sess_1']);
  });

  it('events of an open session that come before session.updated are told after ready', () => {
    const bench = new ClientBench();
    bench.do({ t: 'open', config, history: [] });
    bench.serve(created, { type: 'response.created', event_id: 'e', response: response('resp_1') }, updated);
    expect(bench.news()).toEqual(['ready sess_1', 'started resp_1 by wire']);
  });

  it('the first command must be open', () => {
    const events: Event[] = [];
    const port = {
      frame: () => {},
      emit: (event: Event) => events.push(event),
      wakeAt: () => {},
      close: () => {},
    };
    openaiClientMachine()(port, countedIds()).local({ t: 'stop', cmd: 'c1' }, 0);
    expect(events).toMatchObject([{ t: 'refused', cmd: 'c1', code: 'illegal_command', benign: false }]);
  });

  it('cannot resume', () => {
    const bench = new ClientBench();
    bench.do({ t: 'open', config, history: [], resume: 'handle' });
    expect(bench.news()).toEqual(['closing unsupported fatal']);
  });

  it('a session in an unknown shape still opens', () => {
    const bench = new ClientBench();
    bench.do({ t: 'open', config, history: [] });
    bench.serve(created, {
      type: 'session.updated',
      event_id: 'e',
      session: { tools: 7, audio: { input: 'x' } },
    });
    expect(bench.news()).toEqual(['ready undefined']);
  });
});

describe('configure', () => {
  it('update -> updated -> ack; an error names the command it refuses', () => {
    const bench = new ClientBench().opened();
    bench.do({
      t: 'configure',
      cmd: 'c1',
      patch: { instructions: null, turns: null, tools: null, transcription: null },
    });
    bench.do({ t: 'configure', cmd: 'c2', patch: { voice: 'cedar' } });
    bench.do({ t: 'configure', cmd: 'c3', patch: { output: 'text' } });
    expect(bench.sent()).toEqual([
      {
        type: 'session.update',
        event_id: 'c1',
        session: {
          type: 'realtime',
          instructions: '',
          tools: [],
          audio: { input: { transcription: null, turn_detection: null } },
        },
      },
      {
        type: 'session.update',
        event_id: 'c2',
        session: { type: 'realtime', audio: { output: { voice: 'cedar' } } },
      },
      { type: 'session.update', event_id: 'c3', session: { type: 'realtime', output_modalities: ['text'] } },
    ]);
    bench.serve(
      updated,
      {
        type: 'error',
        event_id: 'e',
        error: {
          type: 'invalid_request_error',
          code: 'cannot_update_voice',
          message: 'Too late.',
          param: null,
          event_id: 'c2',
        },
      },
      updated,
    );
    expect(bench.news()).toEqual(['ack c1', 'refused c2 cannot_update_voice', 'ack c3']);
    bench.serve(updated);
    expect(bench.news()).toEqual(['unknown session.updated']);
  });

  it('a voice that stays is not sent again; MCP servers survive a change of tools', () => {
    const mcp = { type: 'mcp', server_label: 'docs', server_url: 'https://docs.example' };
    const bench = new ClientBench().opened({ ...config, vendor: { mcpTools: [mcp] } });
    bench.do({
      t: 'configure',
      cmd: 'c1',
      patch: { voice: 'marin', tools: [{ name: 'a', parameters: { type: 'object' } }] },
    });
    expect(bench.sent()).toEqual([
      {
        type: 'session.update',
        event_id: 'c1',
        session: {
          type: 'realtime',
          tools: [{ type: 'function', name: 'a', parameters: { type: 'object' } }, mcp],
        },
      },
    ]);
  });

  it('auto-reply follows the effective turn rule', () => {
    const bench = new ClientBench().opened();
    bench.do({
      t: 'configure',
      cmd: 'c1',
      patch: { turns: { owner: 'wire', kind: 'server_vad', autoReply: false, autoCut: true } },
    });
    const audio = {
      ...(session().audio as object),
      input: { turn_detection: { type: 'server_vad', create_response: false } },
    };
    bench.serve({ type: 'session.updated', event_id: 'e', session: session({ audio }) });
    bench.serve({
      type: 'input_audio_buffer.committed',
      event_id: 'e',
      previous_item_id: null,
      item_id: 'u1',
    });
    bench.serve({ type: 'response.created', event_id: 'e', response: response('resp_1') });
    expect(bench.news()).toEqual(['ack c1', 'committed turn_1 u1 after nothing', 'started resp_1 by wire']);
  });
});
