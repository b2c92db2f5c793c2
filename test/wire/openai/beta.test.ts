import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config, Event } from '../../../src/realtime/index.js';
import type { ClientEvent } from '../../../src/wire/openai/events.js';
import { betaClientDialect, betaRefusal, betaServerDialect } from '../../../src/wire/openai/index.js';
import { assertBetaClientEvent, assertBetaServerEvent, eventTypes, type Mode } from '../../schemas/openai.js';
import {
  brief,
  ClientBench,
  config,
  type Json,
  readTrace,
  response,
  session,
  traceNames,
} from './client-harness.js';

/** A GA event of the server, as beta tells it; `null` = not at all. Held against the official types. */
function toBeta(event: Json, dialect = betaServerDialect(), mode: Mode = 'strict'): Json | null {
  const told = dialect.write(event as { type: string; event_id: string });
  if (told !== null) assertBetaServerEvent(told, mode);
  return told as Json | null;
}

function toGa(event: Json, dialect = betaClientDialect()): Json[] {
  return [...dialect.read(event, String(event.type))];
}

/** What beta carries of an event: neither images nor the GA wire's own settings. */
function carried(event: Event): object {
  if (event.t === 'response' && event.phase === 'ended' && event.usage !== undefined) {
    const { inputImageTokens: _i, cachedImageTokens: _c, ...usage } = event.usage;
    return { ...event, usage };
  }
  if (event.t !== 'ready') return event;
  const { vendor = {}, turns, ...config } = event.effective ?? {};
  const { truncation: _t, prompt: _p, include: _i, ...known } = vendor;
  const { idleTimeoutMs: _m, ...rule } = { idleTimeoutMs: null, ...turns };
  return { ...event, effective: { ...config, vendor: known, turns: rule } };
}

/** What these traces are about came with the GA wire. */
const newInGa = new Set(['diarized-turn', 'idle-timeout', 'mcp']);

describe('conversations of the GA wire, told in beta', () => {
  it.each(traceNames().filter((name) => !newInGa.has(name)))('%s means the same to the client', (name) => {
    const plain = new ClientBench();
    const server = betaServerDialect();
    const translated = new ClientBench({ dialect: betaClientDialect() }, assertBetaClientEvent);
    for (const line of readTrace(name)) {
      if (line.do !== undefined) {
        plain.do(line.do);
        translated.do(line.do);
      }
      if (line.s === undefined) continue;
      plain.serve(line.s);
      // The real server adds fields that the types do not know.
      const told = toBeta(line.s, server, 'tolerant');
      if (told !== null) translated.serve(told);
    }
    expect(translated.events.map(brief)).toEqual(plain.events.map(brief));
    // To the last field, but for the vendor's own form and what beta does not show.
    const bare = (events: readonly Event[]) => events.map(({ raw: _raw, ...event }) => carried(event));
    expect(bare(translated.events)).toEqual(bare(plain.events));
    expect(translated.frames.length).toBe(plain.frames.length);
  });
});

describe('beta, whatever comes', () => {
  /** The lines of a trace with its server's frames in beta. */
  const traces = traceNames().map((name) => {
    const server = betaServerDialect();
    return readTrace(name)
      .map((line) => (line.s === undefined ? line : { ...line, s: toBeta(line.s, server, 'tolerant') }))
      .filter((line) => line.do !== undefined || (line.s !== undefined && line.s !== null));
  });
  /** Those that open the session stay as they are. */
  const openingLines = 4;

  it('keeps the legal orders when frames are lost, doubled, swapped or damaged', () => {
    const fate = fc.record({
      at: fc.nat(200),
      what: fc.constantFrom('lose', 'double', 'swap', 'damage'),
      field: fc.constantFrom('item', 'response', 'session', 'part', 'item_id', 'response_id', 'delta'),
      value: fc.jsonValue({ maxDepth: 2 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...traces), fc.array(fate, { maxLength: 12 }), (trace, fates) => {
        const lines = trace.map((line) => ({ ...line }));
        for (const { at, what, field, value } of fates) {
          const index = openingLines + (at % Math.max(1, lines.length - openingLines));
          const line = lines[index];
          if (line?.s === undefined || line.s === null) continue;
          if (what === 'lose') lines.splice(index, 1);
          else if (what === 'double') lines.splice(index, 0, line);
          else if (what === 'damage') line.s = { ...line.s, [field]: value };
          else if (index + 1 < lines.length) lines.splice(index, 2, lines[index + 1]!, line);
        }
        const bench = new ClientBench({ dialect: betaClientDialect() }, assertBetaClientEvent);
        for (const line of lines) {
          if (line.do !== undefined) bench.do(line.do);
          if (line.s) bench.serve(line.s);
        }
        bench.machine.closed(1006, '', 0);
        bench.checker.finish();
        expect(bench.events.at(-1)?.t).toBe('closing');
      }),
      { numRuns: 500 },
    );
  });
});

const ids = { event_id: 'e', response_id: 'r', item_id: 'i', output_index: 0, content_index: 0 };
const message = (over: Json = {}): Json => ({
  id: 'i',
  object: 'realtime.item',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [
    { type: 'output_text', text: 'Yes.' },
    { type: 'output_audio', transcript: 'Yes.' },
  ],
  ...over,
});

describe('what a server tells', () => {
  it('every event of the GA wire has its place in beta, or none; beta has none besides', () => {
    const beta = new Set(eventTypes('RealtimeServerEvent', 'beta'));
    const told = new Set<string>();
    const untold: string[] = [];
    for (const type of eventTypes('RealtimeServerEvent')) {
      const event = betaServerDialect().write({ type, event_id: 'e' }) as Json | null;
      if (event === null) untold.push(type);
      else told.add(String(event.type));
    }
    expect([...told].filter((type) => !beta.has(type))).toEqual([]);
    expect([...beta].filter((type) => !told.has(type))).toEqual(['transcription_session.updated']);
    expect(untold.filter((type) => beta.has(type))).toEqual([]);
  });

  it.each<[Json, Json]>([
    [
      { type: 'response.output_audio.delta', ...ids, delta: 'AAA=' },
      { type: 'response.audio.delta', ...ids, delta: 'AAA=' },
    ],
    [
      { type: 'response.output_audio.done', ...ids },
      { type: 'response.audio.done', ...ids },
    ],
    [
      { type: 'response.output_audio_transcript.delta', ...ids, delta: 'a' },
      { type: 'response.audio_transcript.delta', ...ids, delta: 'a' },
    ],
    [
      { type: 'response.output_audio_transcript.done', ...ids, transcript: 'a' },
      { type: 'response.audio_transcript.done', ...ids, transcript: 'a' },
    ],
    [
      { type: 'response.output_text.delta', ...ids, delta: 'a' },
      { type: 'response.text.delta', ...ids, delta: 'a' },
    ],
    [
      { type: 'response.output_text.done', ...ids, text: 'a' },
      { type: 'response.text.done', ...ids, text: 'a' },
    ],
    [
      { type: 'response.content_part.added', ...ids, part: { type: 'audio', transcript: '' } },
      { type: 'response.content_part.added', ...ids, part: { type: 'audio', transcript: '' } },
    ],
    [
      { type: 'input_audio_buffer.committed', event_id: 'e', item_id: 'u', previous_item_id: null },
      { type: 'input_audio_buffer.committed', event_id: 'e', item_id: 'u', previous_item_id: null },
    ],
    [
      { type: 'conversation.item.retrieved', event_id: 'e', item: message() },
      {
        type: 'conversation.item.retrieved',
        event_id: 'e',
        item: message({
          content: [
            { type: 'text', text: 'Yes.' },
            { type: 'audio', transcript: 'Yes.' },
          ],
        }),
      },
    ],
    [
      {
        type: 'response.done',
        event_id: 'e',
        response: response('r', {
          status: 'completed',
          output_modalities: ['text'],
          output: [message({ content: [{ type: 'output_text', text: 'Yes.' }] })],
          usage: {
            total_tokens: 3,
            input_tokens: 2,
            input_token_details: { text_tokens: 2 },
            output_tokens: 1,
          },
        }),
      },
      {
        type: 'response.done',
        event_id: 'e',
        response: {
          id: 'r',
          object: 'realtime.response',
          status: 'completed',
          status_details: null,
          conversation_id: 'conv_1',
          max_output_tokens: 'inf',
          metadata: null,
          modalities: ['text'],
          output_audio_format: 'pcm16',
          voice: 'marin',
          output: [message({ content: [{ type: 'text', text: 'Yes.' }] })],
          usage: {
            total_tokens: 3,
            input_tokens: 2,
            input_token_details: { text_tokens: 2 },
            output_tokens: 1,
          },
          temperature: 0.8,
        },
      },
    ],
  ])('both ways, row %#', (ga, beta) => {
    expect(toBeta(ga)).toEqual(beta);
    expect(toGa(beta)).toEqual([ga]);
  });

  it('session: flat with the temperature, and back without what beta cannot carry', () => {
    const full = session();
    const told = toBeta({ type: 'session.created', event_id: 'e', session: full });
    const { type: _t, truncation: _r, prompt: _p, include: _i, ...carried } = full;
    expect(told?.session).toEqual({
      object: 'realtime.session',
      id: 'sess_1',
      model: 'gpt-realtime-2.1',
      expires_at: 1_800_000_000,
      modalities: ['text', 'audio'],
      instructions: 'Be brief.',
      tools: [],
      tool_choice: 'auto',
      max_response_output_tokens: 'inf',
      tracing: null,
      input_audio_format: 'pcm16',
      input_audio_transcription: { model: 'gpt-transcribe', language: null, prompt: null },
      input_audio_noise_reduction: null,
      turn_detection: {
        type: 'server_vad',
        threshold: 0.5,
        prefix_padding_ms: 300,
        silence_duration_ms: 200,
        create_response: true,
        interrupt_response: true,
      },
      output_audio_format: 'pcm16',
      voice: 'marin',
      speed: 1,
      temperature: 0.8,
    });
    const [back] = toGa(told!);
    const input = (carried.audio as { input: { turn_detection: Json } }).input;
    delete input.turn_detection.idle_timeout_ms;
    expect(back?.session).toEqual({ type: 'realtime', ...carried });
  });

  it('an item that is whole is told once and read as added and done', () => {
    const item = message({ role: 'user', content: [{ type: 'input_audio', transcript: null }] });
    const told = toBeta({ type: 'conversation.item.added', event_id: 'e', previous_item_id: null, item });
    expect(told).toMatchObject({ type: 'conversation.item.created', previous_item_id: null, item });
    expect(
      toBeta({ type: 'conversation.item.done', event_id: 'e', previous_item_id: null, item }),
    ).toBeNull();
    expect(toGa(told!).map(({ type }) => type)).toEqual([
      'conversation.item.added',
      'conversation.item.done',
    ]);
  });

  it('an item that is being written ends with its output item; one that was never told does not', () => {
    const dialect = betaClientDialect();
    const item = message({ status: 'in_progress', content: [] });
    const created = { type: 'conversation.item.created', event_id: 'e', previous_item_id: 'u', item };
    expect(toGa(created, dialect).map(({ type }) => type)).toEqual(['conversation.item.added']);
    const done = (id: string) => ({
      type: 'response.output_item.done',
      event_id: 'e2',
      response_id: 'r',
      output_index: 0,
      item: message({ id, content: [{ type: 'audio', transcript: 'Yes.' }] }),
    });
    expect(toGa(done('other'), dialect)).toHaveLength(1);
    const [output, finished] = toGa(done('i'), dialect);
    expect(output).toMatchObject({ item: { content: [{ type: 'output_audio' }] } });
    expect(finished).toMatchObject({
      type: 'conversation.item.done',
      previous_item_id: 'u',
      item: { id: 'i', content: [{ type: 'output_audio' }] },
    });
    expect(toGa(done('i'), dialect)).toHaveLength(1);
  });

  it('MCP, images and other news of GA are not told', () => {
    const mcp = { type: 'mcp_approval_request', id: 'm', server_label: 's', name: 'n', arguments: '{}' };
    for (const event of [
      { type: 'conversation.item.added', event_id: 'e', item: mcp },
      { type: 'response.output_item.done', event_id: 'e', response_id: 'r', output_index: 0, item: mcp },
      { type: 'mcp_list_tools.failed', event_id: 'e', item_id: 'm' },
      {
        type: 'input_audio_buffer.timeout_triggered',
        event_id: 'e',
        audio_start_ms: 0,
        audio_end_ms: 1,
        item_id: 'i',
      },
    ]) {
      expect(toBeta(event)).toBeNull();
    }
    const image = { type: 'input_image', image_url: 'data:image/png;base64,AA==' };
    const told = toBeta({
      type: 'conversation.item.added',
      event_id: 'e',
      item: message({ role: 'user', content: [{ type: 'input_text', text: 'See' }, image] }),
    });
    expect(told?.item).toMatchObject({ content: [{ type: 'input_text', text: 'See' }] });
  });

  it('errors name the field as its client knows it', () => {
    const message = "Invalid 'session.audio.input.turn_detection.threshold': expected a value <= 1.";
    const param = 'session.audio.input.turn_detection.threshold';
    const error = { type: 'invalid_request_error', code: 'invalid_value', message, param, event_id: 'mine' };
    expect(toBeta({ type: 'error', event_id: 'e', error })?.error).toMatchObject({
      param: 'session.turn_detection.threshold',
      message: "Invalid 'session.turn_detection.threshold': expected a value <= 1.",
    });
    const other = { ...error, param: 'item.content[0].text' };
    expect(toBeta({ type: 'error', event_id: 'e', error: other })?.error).toEqual(other);
  });

  it('what is not what the wire says is passed on, and nothing throws', () => {
    const dialect = betaClientDialect();
    const names = [
      'session.created',
      'conversation.item.created',
      'response.output_item.done',
      'response.done',
      'response.audio.delta',
      'never.heard',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.dictionary(
          fc.constantFrom('session', 'item', 'response'),
          fc.jsonValue() as fc.Arbitrary<unknown>,
        ),
        (type, fields) => {
          const read = dialect.read({ ...fields, type }, type);
          expect(read.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('what a client asks', () => {
  const written = (event: ClientEvent): Json => {
    const told = betaClientDialect().write(event);
    assertBetaClientEvent(told);
    return told as Json;
  };

  it.each<[ClientEvent, Json]>([
    [
      {
        type: 'session.update',
        event_id: 'c',
        session: {
          type: 'realtime',
          output_modalities: ['audio'],
          instructions: 'Be kind.',
          tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }],
          tool_choice: { type: 'function', name: 'f' },
          max_output_tokens: 100,
          audio: {
            input: {
              format: { type: 'audio/pcmu' },
              transcription: null,
              noise_reduction: { type: 'far_field' },
              turn_detection: { type: 'semantic_vad', eagerness: 'high' },
            },
            output: { format: { type: 'audio/pcma' }, voice: 'alloy', speed: 1.1 },
          },
        },
      },
      {
        type: 'session.update',
        event_id: 'c',
        session: {
          modalities: ['text', 'audio'],
          instructions: 'Be kind.',
          tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }],
          tool_choice: { type: 'function', name: 'f' },
          max_response_output_tokens: 100,
          input_audio_format: 'g711_ulaw',
          input_audio_transcription: null,
          input_audio_noise_reduction: { type: 'far_field' },
          turn_detection: { type: 'semantic_vad', eagerness: 'high' },
          output_audio_format: 'g711_alaw',
          voice: 'alloy',
          speed: 1.1,
        },
      },
    ],
    [
      { type: 'session.update', session: { type: 'realtime', audio: { input: { turn_detection: null } } } },
      { type: 'session.update', session: { turn_detection: null } },
    ],
    [
      {
        type: 'conversation.item.create',
        item: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] },
        previous_item_id: 'root',
      },
      {
        type: 'conversation.item.create',
        item: { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'Hi' }] },
        previous_item_id: 'root',
      },
    ],
    [
      {
        type: 'response.create',
        event_id: 'c',
        response: {
          conversation: 'none',
          output_modalities: ['text'],
          max_output_tokens: 5,
          metadata: { a: 'b' },
          audio: { output: { voice: 'sage' } },
          input: [
            { type: 'item_reference', id: 'i' },
            { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] },
          ],
        },
      },
      {
        type: 'response.create',
        event_id: 'c',
        response: {
          conversation: 'none',
          modalities: ['text'],
          max_response_output_tokens: 5,
          metadata: { a: 'b' },
          voice: 'sage',
          input: [
            { type: 'item_reference', id: 'i' },
            { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'Hi' }] },
          ],
        },
      },
    ],
    [{ type: 'response.cancel' }, { type: 'response.cancel' }],
    [
      { type: 'conversation.item.truncate', item_id: 'i', content_index: 0, audio_end_ms: 5 },
      { type: 'conversation.item.truncate', item_id: 'i', content_index: 0, audio_end_ms: 5 },
    ],
  ])('both ways, row %#', (ga, beta) => {
    expect(written(ga)).toEqual(beta);
    expect(betaServerDialect().read(beta)).toEqual({ event: ga });
  });

  it('an image goes as it is, so that the server may refuse it; a server of beta does', () => {
    const item = {
      type: 'message' as const,
      role: 'user' as const,
      content: [{ type: 'input_image' as const, image_url: 'data:image/png;base64,AA==' }],
    };
    const told = betaClientDialect().write({ type: 'conversation.item.create', event_id: 'c', item });
    expect(told).toEqual({ type: 'conversation.item.create', event_id: 'c', item });
    expect(betaServerDialect().read(told)).toMatchObject({
      problem: { code: 'invalid_value', param: 'item.content[0].type' },
      eventId: 'c',
    });
  });

  it('the temperature goes with every update, and is shown by the server', () => {
    const told = betaClientDialect({ temperature: 0.7 }).write({
      type: 'session.update',
      session: { type: 'realtime' },
    });
    expect(told).toEqual({ type: 'session.update', session: { temperature: 0.7 } });
    const dialect = betaServerDialect();
    expect(dialect.read(told)).toEqual({ event: { type: 'session.update', session: { type: 'realtime' } } });
    const shown = toBeta({ type: 'session.updated', event_id: 'e', session: session() }, dialect);
    expect(shown?.session).toMatchObject({ temperature: 0.7 });
  });

  it.each<[Json, string, string]>([
    [{ type: 'session.update', session: { type: 'realtime' } }, 'unknown_parameter', 'session.type'],
    [{ type: 'session.update', session: { audio: {} } }, 'unknown_parameter', 'session.audio'],
    [{ type: 'session.update', session: { id: 'x' } }, 'unknown_parameter', 'session.id'],
    [{ type: 'session.update', session: { modalities: ['video'] } }, 'invalid_value', 'session.modalities'],
    [
      { type: 'session.update', session: { input_audio_format: 'mp3' } },
      'invalid_value',
      'session.input_audio_format',
    ],
    [{ type: 'session.update', session: { temperature: 2 } }, 'invalid_value', 'session.temperature'],
    [{ type: 'session.update', session: { voice: { id: 'voice_1' } } }, 'invalid_value', 'session.voice'],
    [
      { type: 'response.create', response: { output_modalities: ['text'] } },
      'unknown_parameter',
      'response.output_modalities',
    ],
    [
      {
        type: 'conversation.item.create',
        item: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'x' }] },
      },
      'invalid_value',
      'item.content[0].type',
    ],
    [
      {
        type: 'response.create',
        response: { input: [{ type: 'message', role: 'user', content: [{ type: 'text', text: 'x' }] }] },
      },
      'invalid_value',
      'response.input[0].content[0].type',
    ],
  ])('%j -> %s', (event, code, param) => {
    const read = betaServerDialect().read({ ...event, event_id: 'mine', code: 'x' });
    expect(read).toMatchObject({ problem: { code, param }, eventId: 'mine' });
  });

  it('whatever comes is read or refused, and nothing throws', () => {
    const dialect = betaServerDialect();
    const types = fc.constantFrom(
      'session.update',
      'response.create',
      'conversation.item.create',
      'x',
      5,
      null,
    );
    fc.assert(
      fc.property(
        types,
        fc.jsonValue(),
        fc.constantFrom('session', 'response', 'item'),
        (type, value, at) => {
          const read = dialect.read({ type, [at]: value });
          expect('event' in read || 'problem' in read).toBe(true);
        },
      ),
    );
    expect(dialect.read(null)).toEqual({ event: null });
    expect(dialect.read([])).toEqual({ event: [] });
  });
});

describe('settings that beta cannot carry', () => {
  it.each<[Partial<Config>, string]>([
    [{ voice: 'voice_1' }, 'voice'],
    [{ vendor: { reasoning: { effort: 'low' } } }, 'reasoning'],
    [{ vendor: { parallelToolCalls: false } }, 'parallelToolCalls'],
    [{ vendor: { truncation: 'disabled' } }, 'truncation'],
    [{ vendor: { prompt: { id: 'p' } } }, 'prompt'],
    [{ vendor: { include: ['item.input_audio_transcription.logprobs'] } }, 'include'],
    [{ vendor: { mcpTools: [{ type: 'mcp', server_label: 's' }] } }, 'mcpTools'],
    [
      { vendor: { noiseReduction: { type: 'near_field', strength: 1 } } },
      'inputAudioNoiseReduction.strength',
    ],
    [{ vendor: { transcriptionOptions: { languages: ['en'] } } }, 'inputAudioTranscription.languages'],
    [
      { turns: { owner: 'wire', kind: 'server_vad', autoReply: true, autoCut: true, idleTimeoutMs: 6000 } },
      'turnDetection.idleTimeoutMs',
    ],
  ])('%j', (over, param) => {
    expect(betaRefusal({ ...config, ...over })).toBe(param);
  });

  it('the rest is carried', () => {
    expect(betaRefusal(config)).toBeNull();
    expect(
      betaRefusal({ ...config, transcription: null, vendor: { truncation: 'auto', speed: 1.2 } }),
    ).toBeNull();
  });
});
