import { describe, expect, it } from 'vitest';
import { base64 } from './harness.js';
import { link, ServerBench, setup } from './server-bench.js';

interface Row {
  arrows: string;
  setup?: Record<string, unknown>;
  run: (b: ServerBench) => void;
  commands?: string[];
  frames?: string[];
}

const pcm = (rateHz: number, ms: number) => ({
  data: base64((rateHz * ms) / 1000),
  mimeType: `audio/pcm;rate=${rateHz}`,
});
const user = (text: string) => ({ role: 'user', parts: [{ text }] });
const speech = [link.started(), link.part('started'), link.audio(100), link.said('Hi')];
const calls = (b: ServerBench) => {
  b.link(link.started(), link.call('fc_1'), link.call('fc_2'), link.ended());
  b.take();
};
const respond = (id: string, more: Record<string, unknown> = {}) => ({
  toolResponse: { functionResponses: [{ id, name: 'book', response: { output: 'done' }, ...more }] },
});

const table: Row[] = [
  {
    arrows: 'clientContent complete -> items and a reply',
    run: (b) =>
      b.client({
        clientContent: {
          turns: [user('Hi'), { role: 'model', parts: [{ text: 'Hello' }] }, user('Book')],
          turnComplete: true,
        },
      }),
    commands: ["add user 'Hi'", "add assistant 'Hello'", "add user 'Book'", 'reply'],
    frames: [],
  },
  {
    arrows: 'clientContent waiting -> items only; then complete -> reply',
    run(b) {
      b.client({ clientContent: { turns: [user('Hi')], turnComplete: false } });
      b.client({ clientContent: { turnComplete: true } });
    },
    commands: ["add user 'Hi'", 'reply'],
  },
  {
    arrows: 'history with calls -> calls and results as items',
    run: (b) =>
      b.client({
        client_content: {
          turns: [
            {
              role: 'model',
              parts: [{ text: 'Wait' }, { function_call: { id: 'x', name: 'f', args: { a_b: 1 } } }],
            },
            {
              role: 'user',
              parts: [{ functionResponse: { id: 'x', name: 'f', response: { output: 'y' } } }],
            },
          ],
        },
      }),
    commands: ["add assistant 'Wait'", 'add call', 'add result'],
  },
  {
    arrows: 'historyConfig: clientContent -> complete: no reply; then complete -> reply',
    setup: { historyConfig: { initialHistoryInClientContent: true } },
    run(b) {
      b.client({ clientContent: { turns: [user('Hi')], turnComplete: true } });
      b.client({ clientContent: { turns: [user('Now')], turnComplete: true } });
    },
    commands: ["add user 'Hi'", "add user 'Now'", 'reply'],
  },
  {
    arrows: 'realtimeInput.text -> a user’s turn and a reply',
    run: (b) => b.client({ realtimeInput: { text: 'Hi' } }),
    commands: ["add user 'Hi'", 'reply'],
  },
  {
    arrows: 'audio at the link’s rate -> as it is, end to end',
    run(b) {
      b.client({ realtimeInput: { audio: pcm(24_000, 20) } });
      b.client({
        realtime_input: { media_chunks: [{ ...pcm(24_000, 20), mime_type: 'audio/pcm;rate=24000' }] },
      });
      b.client({ realtimeInput: { mediaChunks: [pcm(24_000, 20), pcm(24_000, 20)] } });
    },
    commands: ['audio 480 at 0', 'audio 480 at 20', 'audio 480 at 40', 'audio 480 at 60'],
  },
  {
    arrows: 'video -> image',
    run: (b) => b.client({ realtimeInput: { video: { data: 'AAAA', mimeType: 'image/jpeg' } } }),
    commands: ['image'],
  },
  {
    arrows: 'audioStreamEnd -> flush',
    run: (b) => b.client({ realtimeInput: { audioStreamEnd: true } }),
    commands: ['activity flush'],
  },
  {
    arrows: 'manual: audio outside an activity is dropped; start -> audio -> end -> a reply',
    setup: { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } },
    run(b) {
      b.client({ realtimeInput: { audio: pcm(24_000, 20) } });
      b.client({ realtimeInput: { activityStart: {} } });
      b.client({ realtimeInput: { audio: pcm(24_000, 20) } });
      b.client({ realtimeInput: { activityEnd: {} } });
    },
    commands: ['activity start', 'audio 480 at 0', 'activity end', 'reply'],
  },
  {
    arrows: 'transcript -> speech -> words -> ended: generationComplete now, turnComplete when played',
    run(b) {
      b.link(link.heard('Hel'), link.heard('lo'), link.heard('Hello', 'final'));
      b.link(...speech, link.said(' there'), link.said('Hi there', 'final'), link.part('done'));
      b.link(link.ended('completed', { usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 } }));
      b.to(99);
      b.to(100);
    },
    frames: [
      "heard 'Hel'",
      "heard 'lo'",
      'audio 2400',
      "said 'Hi'",
      "said ' there'",
      'generationComplete',
      'turnComplete + usage {"promptTokenCount":5,"responseTokenCount":2,"totalTokenCount":7}',
    ],
    commands: [],
  },
  {
    arrows: 'cumulative and whole transcripts -> deltas',
    run(b) {
      b.link(link.heard('I want', 'replace'), link.heard('I want a table', 'replace'));
      b.link(link.heard('I want a table.', 'final'));
    },
    frames: ["heard 'I want'", "heard ' a table'", "heard '.'"],
  },
  {
    arrows: 'transcripts that nobody asked for are not sent',
    setup: { inputAudioTranscription: undefined, outputAudioTranscription: undefined },
    run: (b) => b.link(link.heard('Hello'), ...speech),
    frames: ['audio 2400'],
  },
  {
    arrows: 'text was asked for -> parts with text',
    setup: { generationConfig: { responseModalities: ['TEXT'] } },
    run: (b) => b.link(...speech.slice(0, 2), link.said('Hi')),
    frames: ["text 'Hi'"],
  },
  {
    arrows: 'speech -> user speaks -> cancelled: interrupted, turnComplete, and what was heard is told',
    run(b) {
      b.link(...speech);
      b.to(40);
      b.take();
      b.link(link.speech('start'), link.part('done'), link.ended('cancelled'));
    },
    frames: ['interrupted', 'turnComplete'],
    commands: ['cut m1 at 40'],
  },
  {
    arrows: 'ended -> user speaks while it is played: interrupted, though the model was done',
    run(b) {
      b.link(...speech, link.part('done'), link.ended());
      b.to(60);
      b.take();
      b.link(link.speech('start'));
      b.to(200);
    },
    frames: ['interrupted', 'turnComplete'],
    commands: ['cut m1 at 60'],
  },
  {
    arrows: 'NO_INTERRUPTION: the user speaks, the turn goes on',
    setup: { realtimeInputConfig: { activityHandling: 'NO_INTERRUPTION' } },
    run(b) {
      b.link(...speech, link.part('done'), link.ended());
      b.take();
      b.link(link.speech('start'));
      b.to(100);
    },
    frames: ['turnComplete'],
    commands: [],
  },
  {
    arrows: 'clientContent complete while a response runs: stopped, then asked',
    run(b) {
      b.link(...speech);
      b.take();
      b.client({ clientContent: { turns: [user('Stop')], turnComplete: true } });
      b.link(link.part('done'), link.ended('cancelled'));
    },
    commands: ['stop r1', "add user 'Stop'", 'reply', 'cut m1 at 0'],
    frames: ['interrupted', 'turnComplete'],
  },
  {
    arrows: 'calls -> one message at the end of the response; the turn stays open',
    run(b) {
      b.link(link.started(), link.call('fc_1'), link.call('fc_2'));
      b.link(link.ended('completed', { usage: { inputTokens: 310 } }));
      b.to(10_000);
    },
    frames: [
      'toolCall {"functionCalls":[{"id":"fc_1","name":"book","args":{"seats":4}},{"id":"fc_2","name":"book","args":{"seats":4}}]}',
      '{} + usage {"promptTokenCount":310}',
    ],
  },
  {
    arrows: 'calls -> answers one at a time -> a reply after the last',
    run(b) {
      calls(b);
      b.client(respond('fc_2'));
      b.client({ tool_response: { function_responses: [{ id: 'fc_1', response: { error: 'full' } }] } });
    },
    commands: ['answer fc_2 book done more auto', 'answer fc_1 book full error auto', 'reply'],
  },
  {
    arrows: 'calls -> SILENT answers -> no reply',
    run(b) {
      calls(b);
      b.client(respond('fc_1', { scheduling: 'SILENT' }));
      b.client(respond('fc_2', { scheduling: 'SILENT' }));
    },
    commands: ['answer fc_1 book done more wait', 'answer fc_2 book done wait'],
  },
  {
    arrows: 'calls -> answers -> speech: one turn, completed once',
    run(b) {
      calls(b);
      b.client(respond('fc_1'));
      b.client(respond('fc_2'));
      b.link(link.started('r2'), link.part('started', 'm2', 'r2'), link.audio(50, 'm2', 'r2'));
      b.link(link.part('done', 'm2', 'r2'), link.ended('completed', {}, 'r2'));
      b.to(50);
    },
    frames: ['audio 1200', 'generationComplete', 'turnComplete'],
  },
  {
    arrows: 'calls -> withdrawn: cancelled once told',
    run(b) {
      calls(b);
      b.link({
        t: 'call',
        phase: 'withdrawn',
        response: 'r1',
        call: 'fc_1',
        name: 'book',
        args: '',
        owner: 'us',
      });
    },
    frames: ['toolCallCancellation {"ids":["fc_1"]}'],
  },
  {
    arrows: 'ended -> started before playback is over: the first turn is complete first',
    run(b) {
      b.link(...speech, link.part('done'), link.ended());
      b.take();
      b.link(link.started('r2'), link.part('started', 'm2', 'r2'), link.audio(50, 'm2', 'r2'));
    },
    frames: ['turnComplete', 'audio 1200'],
  },
  {
    arrows: 'incomplete by filter -> the reason',
    run: (b) => b.link(link.started(), link.ended('incomplete', { reason: 'content_filter' })),
    frames: ['generationComplete', 'turnComplete + RESPONSE_REJECTED'],
  },
  {
    arrows: 'reply refused as already active -> asked again when that one has ended',
    run(b) {
      b.link(link.started());
      b.client({ realtimeInput: { text: 'Hi' } });
      const reply = b.commands.find((command) => command.t === 'reply');
      const code = 'conversation_already_has_active_response';
      b.link({ t: 'refused', cmd: reply?.cmd ?? '', code, message: '', benign: true });
      b.commands.length = 0;
      b.link(link.ended('cancelled'));
    },
    commands: ['reply'],
  },
  {
    arrows: 'contextUpdate -> configure',
    run: (b) =>
      b.client({
        contextUpdate: { systemInstruction: { parts: [{ text: 'a' }, { text: 'b' }] }, tools: { tools: [] } },
      }),
    commands: ['configure {"instructions":"a\\n\\nb","tools":[]}'],
  },
  {
    arrows: 'expiring, resumable -> goAway, sessionResumptionUpdate where asked for',
    setup: { sessionResumption: {} },
    run(b) {
      b.link(
        { t: 'expiring', inMs: 50_000 },
        { t: 'resumable', handle: 'h' },
        { t: 'resumable', handle: null },
      );
    },
    frames: [
      'goAway {"timeLeft":"50s"}',
      'sessionResumptionUpdate {"newHandle":"h","resumable":true}',
      'sessionResumptionUpdate {"resumable":false}',
    ],
  },
  {
    arrows: 'speech edges -> voiceActivity where asked for',
    setup: { explicitVadSignal: true },
    run: (b) => b.link(link.speech('start'), link.speech('stop')),
    frames: [
      'voiceActivity {"type":"ACTIVITY_START","audioOffset":"0.440s"}',
      'voiceActivity {"type":"ACTIVITY_END","audioOffset":"0.440s"}',
    ],
  },
];

describe('server machine', () => {
  it.each(table)('$arrows', ({ run, setup: over, commands, frames }) => {
    const b = new ServerBench().open(over);
    run(b);
    if (commands !== undefined) expect(b.takeCommands()).toEqual(commands);
    if (frames !== undefined) expect(b.take()).toEqual(frames);
    expect(b.closes).toEqual([]);
  });

  it('setup -> open -> ready -> setupComplete, in bytes', () => {
    const b = new ServerBench();
    b.client({
      setup: {
        model: 'models/gemini-3.8-live',
        generation_config: {
          response_modalities: ['AUDIO'],
          speech_config: { voice_config: { prebuilt_voice_config: { voice_name: 'Puck' } } },
        },
        systemInstruction: { role: 'user', parts: [{ text: 'Be brief.' }] },
        tools: [
          {
            functionDeclarations: [
              {
                name: 'book',
                parameters: {
                  type: 'OBJECT',
                  properties: { max_seats: { type: 'INTEGER', nullable: true } },
                },
              },
            ],
          },
          { googleSearch: {} },
        ],
        realtimeInputConfig: {
          automaticActivityDetection: { silenceDurationMs: 300, prefixPaddingMs: '20' },
        },
        inputAudioTranscription: { languageCodes: ['de-DE'] },
        contextWindowCompression: { triggerTokens: '1000', slidingWindow: { targetTokens: 500 } },
        sessionResumption: { handle: null },
      },
    });
    expect(b.frames).toEqual([]);
    expect(b.commands).toEqual([
      {
        t: 'open',
        history: [],
        config: {
          instructions: 'Be brief.',
          tools: [
            {
              name: 'book',
              parameters: { type: 'object', properties: { max_seats: { type: ['integer', 'null'] } } },
            },
          ],
          toolChoice: 'auto',
          voice: 'Puck',
          turns: {
            owner: 'wire',
            kind: 'server_vad',
            autoReply: true,
            autoCut: true,
            silenceMs: 300,
            prefixMs: 20,
          },
          output: 'audio',
          transcription: { language: 'de-DE' },
          vendor: {},
        },
      },
    ]);
    b.link({ t: 'ready', sessionId: 's1' });
    expect(b.take()).toEqual(['setupComplete {"sessionId":"s1"}']);
    expect(b.binary).toEqual([true]);
  });

  it('audio at 16 kHz -> the link’s 24 kHz, nothing lost at the end of the stream', () => {
    const b = new ServerBench().open();
    for (let i = 0; i < 5; i++) b.client({ realtimeInput: { audio: pcm(16_000, 20) } });
    b.client({ realtimeInput: { audioStreamEnd: true } });
    const samples = b.commands.reduce(
      (sum, command) => sum + (command.t === 'audio' ? command.pcm.length : 0),
      0,
    );
    expect(samples).toBe(2400);
  });

  it('the link’s 16 kHz -> 24 kHz to the client, nothing lost at the end of the response', () => {
    const b = new ServerBench({ outputRateHz: 16_000 }).open();
    b.link(link.started(), link.part('started'));
    // 24 samples a millisecond in the helper: 2400 samples are 150 ms at 16 kHz.
    b.link(link.audio(100), link.part('done'), link.ended());
    const samples = b.take().flatMap((line) => (line.startsWith('audio') ? [Number(line.slice(6))] : []));
    expect(samples.reduce((sum, count) => sum + count, 0)).toBe(3600);
    expect(b.wakeAtMs).toBe(150);
  });

  it('turnComplete at once, as text', () => {
    const b = new ServerBench({ turnComplete: 'at-once', frames: 'text' }).open();
    b.link(...speech, link.part('done'), link.ended());
    expect(b.take()).toEqual(['audio 2400', "said 'Hi'", 'generationComplete', 'turnComplete']);
    expect(b.binary.includes(true)).toBe(b.binary[0]);
  });
});

describe('server machine: errors are close frames', () => {
  it.each<[string, unknown, number, string]>([
    ['audio', { realtimeInput: { audio: pcm(16_000, 20) } }, 1007, 'Request contains an invalid argument.'],
    [
      'an unknown field in setup',
      { setup: { model: 'm', fooBar: 1 } },
      1007,
      `Invalid JSON payload received. Unknown name "fooBar" at 'setup': Cannot find field.`,
    ],
    [
      'an unknown field deeper',
      { setup: { model: 'm', generationConfig: { speechConfig: { x: 1 } } } },
      1007,
      `Invalid JSON payload received. Unknown name "x" at 'setup.generation_config.speech_config': Cannot find field.`,
    ],
    [
      'an unknown message',
      { hello: 1 },
      1007,
      'Invalid JSON payload received. Unknown name "hello": Cannot find field.',
    ],
    [
      'transparent, which is Vertex’s',
      { setup: { model: 'm', sessionResumption: { transparent: true } } },
      1007,
      `Invalid JSON payload received. Unknown name "transparent" at 'setup.session_resumption': Cannot find field.`,
    ],
    ['no model', { setup: {} }, 1007, 'Request contains an invalid argument.'],
    ['two keys', { setup: { model: 'm' }, clientContent: {} }, 1007, 'Request contains an invalid argument.'],
    ['a wrong type', { setup: { model: 5 } }, 1007, "Invalid value at 'setup.model', expected another type."],
    ['a list', [1], 1007, 'Invalid JSON payload received.'],
  ])('new -> %s -> closed', (_, message, code, reason) => {
    const b = new ServerBench();
    b.client(message);
    expect(b.closes).toEqual([[code, reason]]);
    expect(b.commands).toEqual([]);
    b.client(setup());
    expect(b.closes).toHaveLength(1);
  });

  it.each<[string, unknown, number, string]>([
    ['a second setup', setup(), 1007, 'Request contains an invalid argument.'],
    ['an answer nobody waits for', respond('nope'), 1008, 'Requested entity was not found.'],
    [
      'an activity in automatic mode',
      { realtimeInput: { activityStart: {} } },
      1007,
      'Request contains an invalid argument.',
    ],
    [
      'two inputs at once',
      { realtimeInput: { text: 'a', audioStreamEnd: true } },
      1007,
      'Request contains an invalid argument.',
    ],
    [
      'audio of a rate that nobody has',
      { realtimeInput: { audio: { data: 'AAAA', mimeType: 'audio/pcm;rate=1234' } } },
      1007,
      'Request contains an invalid argument.',
    ],
    [
      'audio that is not PCM',
      { realtimeInput: { audio: { data: 'AAAA', mimeType: 'audio/opus' } } },
      1007,
      'Request contains an invalid argument.',
    ],
  ])('live -> %s -> closed', (_, message, code, reason) => {
    const b = new ServerBench().open();
    b.client(message);
    expect(b.closes).toEqual([[code, reason]]);
    expect(b.takeCommands()).toEqual(['close']);
  });

  it('manual: an activity without audio -> turnComplete, then 1007', () => {
    const b = new ServerBench().open({
      realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
    });
    b.client({ realtimeInput: { activityStart: {} } });
    b.client({ realtimeInput: { activityEnd: {} } });
    expect(b.take()).toEqual(['turnComplete']);
    expect(b.closes).toEqual([[1007, 'Precondition check failed.']]);
  });

  it('audio before setupComplete -> closed, and the link with it', () => {
    const b = new ServerBench();
    b.client(setup());
    b.client({ realtimeInput: { audio: pcm(16_000, 20) } });
    expect(b.closes).toEqual([[1007, 'Request contains an invalid argument.']]);
    expect(b.takeCommands()).toEqual(['open', 'close']);
  });

  it('a model that never becomes ready -> 1011', () => {
    const b = new ServerBench();
    b.client(setup());
    b.to(30_000);
    expect(b.closes).toEqual([[1011, 'Deadline expired before operation could complete.']]);
  });

  it('a failed response, a link that ends -> 1011, with its words', () => {
    const b = new ServerBench().open();
    b.link(link.started(), link.ended('failed', { message: 'The voice broke' }));
    expect(b.closes).toEqual([[1011, 'The voice broke']]);
    const c = new ServerBench().open();
    c.link({ t: 'closing', code: 'x', disposition: 'retry', message: 'gone' });
    expect(c.closes).toEqual([[1011, 'gone']]);
  });

  it('the client leaves -> the link is closed', () => {
    const b = new ServerBench().open();
    b.closed();
    expect(b.takeCommands()).toEqual(['close']);
    expect(b.closes).toEqual([]);
  });

  it('garbage of every shape: closed with a reason or let through, never thrown', () => {
    const junk = [null, 5, '', 'x', [], {}, [null], [{}], { a: 1 }, true];
    for (const key of ['setup', 'clientContent', 'realtimeInput', 'toolResponse', 'contextUpdate']) {
      for (const value of junk) {
        for (const wrap of [
          (v: unknown) => v,
          (v: unknown) => ({ turns: v }),
          (v: unknown) => ({ turns: [{ parts: v }] }),
          (v: unknown) => ({ audio: v }),
          (v: unknown) => ({ functionResponses: v }),
          (v: unknown) => ({ model: 'm', tools: v }),
        ]) {
          const b = new ServerBench().open();
          b.client({ [key]: wrap(value) });
          const c = new ServerBench();
          c.client({ [key]: wrap(value) });
          expect(b.closes.length + c.closes.length).toBeLessThan(3);
        }
      }
    }
    const b = new ServerBench();
    b.frame(new Uint8Array([1, 2, 255]));
    expect(b.closes).toEqual([[1007, 'Invalid JSON payload received.']]);
  });
});
