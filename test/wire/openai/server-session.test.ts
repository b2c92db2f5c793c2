import { describe, expect, it } from 'vitest';
import { audio, defaults, ServerBench } from './server-bench.js';

describe('start of a session', () => {
  it('asks to be woken at once, opens the link with the defaults, and says nothing before it is ready', () => {
    const bench = new ServerBench();
    expect(bench.wakeAt).toBe(0);
    bench.wake(5);
    expect(bench.command('open')).toEqual({
      t: 'open',
      config: {
        ...defaults,
        // What the session shows is what the model is asked for.
        turns: { ...defaults.turns, threshold: 0.5, prefixMs: 300, silenceMs: 200, idleTimeoutMs: null },
      },
      history: [],
    });
    expect(bench.events).toEqual([]);
    bench.link({ t: 'ready' });
    const { session } = bench.one('session.created');
    expect(session).toMatchObject({
      type: 'realtime',
      object: 'realtime.session',
      model: 'gpt-realtime',
      expires_at: 1_800_000_000,
      instructions: 'Be brief.',
      include: null,
      tracing: null,
      prompt: null,
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: 24_000 },
          noise_reduction: null,
          transcription: { model: 'whisper-1' },
          turn_detection: {
            type: 'server_vad',
            threshold: 0.5,
            prefix_padding_ms: 300,
            silence_duration_ms: 200,
            idle_timeout_ms: null,
            create_response: true,
            interrupt_response: true,
          },
        },
        output: { voice: 'alloy', speed: 1 },
      },
    });
  });

  it('holds what comes before, and answers it after session.created, in order', () => {
    const bench = new ServerBench();
    bench.client({ type: 'session.update', session: { type: 'realtime', instructions: 'A' } });
    bench.client({ type: 'input_audio_buffer.append', audio: audio(20) });
    expect(bench.commands.map(({ t }) => t)).toEqual(['open']);
    bench.link({ t: 'ready' });
    expect(bench.types()).toEqual(['session.created', 'session.updated']);
    expect(bench.commands.map(({ t }) => t)).toEqual(['open', 'configure', 'audio']);
  });

  it('ends when too much is held', () => {
    const bench = new ServerBench({ limits: { heldChars: 1000 } });
    bench.client({ type: 'input_audio_buffer.append', audio: audio(40) });
    expect(bench.closes).toEqual([{ code: 1008, reason: 'invalid_request_error.policy_violation' }]);
    expect(bench.commands.map(({ t }) => t)).toEqual(['open', 'close']);
  });

  it('ends when the model does not become ready', () => {
    const bench = new ServerBench({ limits: { readyMs: 1000 } }).wake(100);
    expect(bench.wakeAt).toBe(1100);
    bench.wake(1100);
    expect(bench.one('error').error).toMatchObject({ type: 'server_error' });
    expect(bench.closes).toEqual([{ code: 1011, reason: 'server_error.server_error' }]);
  });

  it.each([
    ['invalid_api_key', 'fatal', 3000, 'invalid_request_error.invalid_api_key'],
    ['auth_refused', 'fatal', 3000, 'invalid_request_error.invalid_api_key'],
    ['model_not_found', 'fatal', 4004, 'invalid_request_error.model_not_found'],
    ['quota_exhausted', 'fatal', 1013, 'insufficient_quota.insufficient_quota'],
    ['session_expired', 'retry', 1001, 'invalid_request_error.session_expired'],
    ['anything else', 'retry', 1011, 'server_error.server_error'],
  ] as const)('model gone with %s (%s) → error, close %i', (code, disposition, closeCode, reason) => {
    const bench = new ServerBench().wake(0);
    bench.link({ t: 'closing', code, disposition, message: 'gone' });
    expect(bench.one('error').error.message).toBe('gone');
    expect(bench.closes).toEqual([{ code: closeCode, reason }]);
    // Nothing more comes out, whatever goes in.
    bench.text('{}').link({ t: 'ready' }).wake(1e9).closed();
    expect(bench.events).toEqual([]);
    expect(bench.closes).toHaveLength(1);
  });

  it('model done → close 1000 without an error', () => {
    const bench = new ServerBench().opened();
    bench.link({ t: 'closing', code: 'done', disposition: 'done', message: '' });
    expect(bench.events).toEqual([]);
    expect(bench.closes).toEqual([{ code: 1000, reason: '' }]);
  });

  it('expires after its length, by name', () => {
    const bench = new ServerBench().opened();
    expect(bench.wakeAt).toBe(3_600_000);
    bench.wake(3_600_000);
    expect(bench.one('error').error).toMatchObject({
      code: 'session_expired',
      message: 'Your session hit the maximum duration of 60 minutes.',
    });
    expect(bench.closes[0]?.code).toBe(1001);
    expect(bench.command('close')).toBeDefined();
  });

  it('client gone → the link is closed', () => {
    const bench = new ServerBench().opened();
    bench.closed();
    expect(bench.command('close')).toBeDefined();
    expect(bench.closes).toEqual([]);
  });
});

describe('session.update', () => {
  it('merges by leaf and answers with the whole session', () => {
    const bench = new ServerBench().opened();
    bench.client({
      type: 'session.update',
      session: {
        type: 'realtime',
        instructions: 'Be kind.',
        tools: [{ type: 'function', name: 'f', parameters: { $schema: 'x', type: 'object' } }],
        audio: {
          input: {
            turn_detection: { type: 'server_vad', threshold: 0.7 },
            transcription: { language: 'fr' },
          },
          output: { voice: 'marin' },
        },
      },
    });
    expect(bench.command('configure').patch).toEqual({
      instructions: 'Be kind.',
      tools: [{ name: 'f', parameters: { $schema: 'x', type: 'object' } }],
      voice: 'marin',
      transcription: { model: 'whisper-1', language: 'fr' },
      turns: expect.objectContaining({ owner: 'wire', threshold: 0.7, silenceMs: 200 }),
    });
    expect(bench.one('session.updated').session).toMatchObject({
      instructions: 'Be kind.',
      audio: {
        input: {
          transcription: { model: 'whisper-1', language: 'fr' },
          turn_detection: { threshold: 0.7, prefix_padding_ms: 300 },
        },
        output: { voice: 'marin', speed: 1, format: { type: 'audio/pcm', rate: 24_000 } },
      },
    });
    // Absent = keep; [] revokes.
    bench.client({ type: 'session.update', session: { type: 'realtime', tools: [] } });
    expect(bench.command('configure').patch).toEqual({ tools: [] });
    expect(bench.one('session.updated').session).toMatchObject({ instructions: 'Be kind.', tools: [] });
  });

  it('null = off', () => {
    const bench = new ServerBench().opened();
    bench.client({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection: null, transcription: null } } },
    });
    expect(bench.command('configure').patch).toEqual({ turns: { owner: 'caller' }, transcription: null });
    expect(bench.one('session.updated').session.audio.input).toMatchObject({
      turn_detection: null,
      transcription: null,
    });
  });

  it('formats are not the business of the link', () => {
    const bench = new ServerBench().opened();
    bench.client({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { format: { type: 'audio/pcmu' } } } },
    });
    expect(bench.commands).toEqual([]);
    expect(bench.one('session.updated').session.audio.input.format).toEqual({ type: 'audio/pcmu' });
  });

  it('refused by the link → error with event_id, nothing of it holds', () => {
    const bench = new ServerBench().opened();
    bench.acks = false;
    const update = (instructions: string, event_id: string) =>
      bench.client({ type: 'session.update', event_id, session: { type: 'realtime', instructions } });
    update('one', 'evt_1');
    const one = bench.command('configure');
    update('two', 'evt_2');
    const two = bench.command('configure');
    bench.link({
      t: 'refused',
      cmd: one.cmd,
      code: 'invalid_value',
      message: 'No.',
      param: 'session.x',
      benign: false,
    });
    expect(bench.one('error').error).toEqual({
      type: 'invalid_request_error',
      code: 'invalid_value',
      message: 'No.',
      param: 'session.x',
      event_id: 'evt_1',
    });
    bench.link({ t: 'refused', cmd: two.cmd, code: 'invalid_value', message: 'No.', benign: false });
    expect(bench.one('error').error.event_id).toBe('evt_2');
    bench.acks = true;
    bench.client({ type: 'session.update', session: { type: 'realtime', max_output_tokens: 10 } });
    expect(bench.one('session.updated').session).toMatchObject({
      instructions: 'Be brief.',
      max_output_tokens: 10,
    });
  });

  it('a voice cannot change once the model has spoken; the whole update is refused', () => {
    const bench = new ServerBench().opened();
    const response = 'resp_1';
    bench.link(
      { t: 'response', phase: 'started', response, cause: { by: 'wire' }, outOfBand: false },
      { t: 'audio', response, item: 'item_a', part: 0, pcm: new Int16Array(24) },
      { t: 'response', phase: 'ended', response, status: 'completed', basis: 'wire' },
    );
    bench.types();
    bench.client({
      type: 'session.update',
      event_id: 'v',
      session: { type: 'realtime', instructions: 'New.', audio: { output: { voice: 'cedar' } } },
    });
    expect(bench.one('error').error).toMatchObject({
      code: 'cannot_update_voice',
      param: null,
      event_id: 'v',
    });
    expect(bench.commands).toEqual([]);
    bench.client({
      type: 'session.update',
      session: { type: 'realtime', audio: { output: { voice: 'alloy' } } },
    });
    expect(bench.one('session.updated').session).toMatchObject({ instructions: 'Be brief.' });
  });
});

const update = (session: object) => ({ type: 'session.update', session });
const item = (fields: object) => ({ type: 'conversation.item.create', item: fields });

describe('bad events get an error with a code and the path of the field', () => {
  it.each<[string, unknown, string, string | null]>([
    ['not an object', [1], 'invalid_event', null],
    ['null', null, 'invalid_event', null],
    ['no type', { event_id: 'e' }, 'invalid_event', 'type'],
    ['a type that is no string', { type: 7 }, 'invalid_event', 'type'],
    ['an unknown type', { type: 'response.cancelled' }, 'invalid_event', 'type'],
    ['a name of Object.prototype', { type: 'constructor' }, 'invalid_event', 'type'],
    ['a retired event', { type: 'transcription_session.update' }, 'invalid_event', 'type'],
    ['an event_id that is no string', { type: 'response.create', event_id: 3 }, 'invalid_type', 'event_id'],
    [
      'a long event_id',
      { type: 'response.create', event_id: 'x'.repeat(513) },
      'string_above_max_length',
      'event_id',
    ],
    ['an unknown field', { type: 'input_audio_buffer.commit', now: true }, 'unknown_parameter', 'now'],
    ['no audio', { type: 'input_audio_buffer.append' }, 'missing_required_parameter', 'audio'],
    ['audio that is no string', { type: 'input_audio_buffer.append', audio: 1 }, 'invalid_type', 'audio'],
    [
      'audio that is not base64',
      { type: 'input_audio_buffer.append', audio: '$$$$' },
      'invalid_value',
      'audio',
    ],
    ['half a sample', { type: 'input_audio_buffer.append', audio: 'AAAA' }, 'invalid_value', 'audio'],
    ['an update without type', update({}), 'missing_required_parameter', 'session.type'],
    [
      'a beta session',
      update({ type: 'realtime', modalities: ['text'] }),
      'unknown_parameter',
      'session.modalities',
    ],
    [
      'both modalities',
      update({ type: 'realtime', output_modalities: ['text', 'audio'] }),
      'invalid_value',
      'session.output_modalities',
    ],
    ['another kind of session', update({ type: 'transcription' }), 'invalid_value', 'session.type'],
    ['another model', update({ type: 'realtime', model: 'other' }), 'invalid_value', 'session.model'],
    [
      'PCM without a rate',
      update({ type: 'realtime', audio: { output: { format: { type: 'audio/pcm' } } } }),
      'missing_required_parameter',
      'session.audio.output.format.rate',
    ],
    [
      'another rate',
      update({ type: 'realtime', audio: { input: { format: { type: 'audio/pcm', rate: 16_000 } } } }),
      'invalid_value',
      'session.audio.input.format.rate',
    ],
    [
      'speed out of range',
      update({ type: 'realtime', audio: { output: { speed: 2 } } }),
      'invalid_value',
      'session.audio.output.speed',
    ],
    [
      'idle timeout out of range',
      update({
        type: 'realtime',
        audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 1 } } },
      }),
      'invalid_value',
      'session.audio.input.turn_detection.idle_timeout_ms',
    ],
    [
      'a tool without name',
      update({ type: 'realtime', tools: [{ type: 'function' }] }),
      'missing_required_parameter',
      'session.tools[0].name',
    ],
    [
      'a nested tool, as in other APIs',
      update({ type: 'realtime', tools: [{ type: 'function', function: { name: 'x' }, name: 'x' }] }),
      'unknown_parameter',
      'session.tools[0].function',
    ],
    ['no item', { type: 'conversation.item.create' }, 'missing_required_parameter', 'item'],
    [
      'an item without role',
      item({ type: 'message', content: [] }),
      'missing_required_parameter',
      'item.role',
    ],
    [
      'a short part name',
      item({ type: 'message', role: 'user', content: [{ type: 'text', text: 'x' }] }),
      'invalid_value',
      'item.content[0].type',
    ],
    [
      'assistant audio',
      item({ type: 'message', role: 'assistant', content: [{ type: 'output_audio', audio: '' }] }),
      'missing_required_parameter',
      'item.content[0].text',
    ],
    [
      'an image from the web',
      item({
        type: 'message',
        role: 'user',
        content: [{ type: 'input_image', image_url: 'https://x/y.png' }],
      }),
      'invalid_value',
      'item.content[0].image_url',
    ],
    [
      'an unknown previous item',
      { ...item({ type: 'message', role: 'user', content: [] }), previous_item_id: 'item_none' },
      'item_not_found',
      'previous_item_id',
    ],
    [
      'retrieve of nothing',
      { type: 'conversation.item.retrieve', item_id: 'x' },
      'item_retrieve_invalid_item_id',
      'item_id',
    ],
    [
      'delete of nothing',
      { type: 'conversation.item.delete', item_id: 'x' },
      'item_delete_invalid_item_id',
      'item_id',
    ],
    [
      'truncate of nothing',
      { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: 0 },
      'item_truncate_invalid_item_id',
      'item_id',
    ],
    [
      'a fraction of a millisecond',
      { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: 1.5 },
      'invalid_type',
      'audio_end_ms',
    ],
    ['cancel of nothing', { type: 'response.cancel' }, 'response_cancel_not_active', null],
    ['cancel of another', { type: 'response.cancel', response_id: 'r' }, 'response_cancel_not_active', null],
    ['commit of nothing', { type: 'input_audio_buffer.commit' }, 'input_audio_buffer_commit_empty', null],
    ['a buffer that is not here', { type: 'output_audio_buffer.clear' }, 'invalid_event', 'type'],
    [
      'seventeen pairs of metadata',
      {
        type: 'response.create',
        response: { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, 'v'])) },
      },
      'invalid_value',
      'response.metadata',
    ],
    [
      'a reference to nothing',
      { type: 'response.create', response: { input: [{ type: 'item_reference', id: 'x' }] } },
      'item_not_found',
      'response.input[0].id',
    ],
  ])('%s', (_name, event, code, param) => {
    const bench = new ServerBench().opened();
    const marked =
      typeof event === 'object' && event !== null && !Array.isArray(event) && !('event_id' in event);
    bench.text(JSON.stringify(marked ? { event_id: 'evt_mine', ...event } : event));
    const { error } = bench.one('error');
    expect(error).toMatchObject({ type: 'invalid_request_error', code, param });
    if (marked) expect(error.event_id).toBe('evt_mine');
    expect(bench.commands).toEqual([]);
    // The session goes on.
    bench.client({ type: 'input_audio_buffer.clear' });
    expect(bench.types()).toEqual(['input_audio_buffer.cleared']);
  });

  it('not JSON, not text, too long', () => {
    const bench = new ServerBench({ limits: { eventChars: 100 } }).opened();
    bench.text('{"type":');
    expect(bench.one('error').error.code).toBe('invalid_json');
    bench.bytes(new Uint8Array(3));
    expect(bench.one('error').error.code).toBe('invalid_event');
    bench.text(JSON.stringify({ type: 'input_audio_buffer.append', audio: 'A'.repeat(100) }));
    expect(bench.one('error').error.code).toBe('event_too_large');
    expect(bench.closes).toEqual([]);
  });

  it('a schema nested deeper than it can be walked', () => {
    const bench = new ServerBench().opened();
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    bench.text(
      `{"type":"session.update","session":{"type":"realtime","tools":[{"type":"function","name":"f","parameters":${deep}}]}}`,
    );
    expect(bench.one('error').error).toMatchObject({
      code: 'invalid_value',
      param: 'session.tools[0].parameters',
    });
  });
});
