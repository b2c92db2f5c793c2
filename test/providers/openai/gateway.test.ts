import { afterEach, describe, expect, it } from 'vitest';
import { countedIds, systemClock } from '../../../src/core/index.js';
import { RealtimeModel, type RealtimeModelOptions } from '../../../src/providers/openai/index.js';
import type { Command, Event, Item, Link } from '../../../src/realtime/index.js';
import { checkedLink, LegalityChecker } from '../../../src/testing/index.js';
import type { ServerEventOf } from '../../../src/wire/openai/events.js';
import { clinic, Stand, utterance } from '../../gateway/stand.js';

let stand: Stand | undefined;
let caller: Caller | undefined;

afterEach(async () => {
  caller?.link.send({ t: 'close' });
  await stand?.close();
  caller = undefined;
  stand = undefined;
});

const tools = [
  {
    name: 'opening_hours',
    description: 'When the clinic is open.',
    parameters: { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] },
  },
];

type Of<T extends Event['t']> = Extract<Event, { t: T }>;

/** The client's end, by commands and events alone; everything passes the legality checker. */
class Caller {
  readonly events: Event[] = [];
  readonly checker = new LegalityChecker();
  readonly link: Link;
  readonly #ids = countedIds();
  #atMs = 0;
  #waiting: (() => void)[] = [];

  constructor(link: Link) {
    this.link = checkedLink(link, this.checker);
    this.link.onEvent((event) => {
      this.events.push(event);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /** Sends a command under a new id and resolves with its answer. */
  async ask(build: (cmd: string) => Command): Promise<Of<'ack'> | Of<'refused'>> {
    const cmd = this.#ids('cmd');
    this.link.send(build(cmd));
    return this.until((event) =>
      (event.t === 'ack' || event.t === 'refused') && event.cmd === cmd ? event : undefined,
    );
  }

  speak(pcm = utterance()): void {
    for (let at = 0; at < pcm.length; at += 480) {
      this.link.send({ t: 'audio', pcm: pcm.subarray(at, at + 480), atMs: this.#atMs });
      this.#atMs += 20;
    }
  }

  /** The first event that fits, from `from` on. */
  async until<T>(fits: (event: Event) => T | undefined, from = 0): Promise<T> {
    for (let at = from; ; at++) {
      while (at >= this.events.length) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      const found = fits(this.events[at]!);
      if (found !== undefined) return found;
    }
  }

  ended(from: number): Promise<Extract<Event, { t: 'response'; phase: 'ended' }>> {
    return this.until(
      (event) => (event.t === 'response' && event.phase === 'ended' ? event : undefined),
      from,
    );
  }

  of<T extends Event['t']>(t: T): Of<T>[] {
    return this.events.filter((event): event is Of<T> => event.t === t);
  }
}

async function open(options: RealtimeModelOptions = {}): Promise<{ stand: Stand; caller: Caller }> {
  const running = await Stand.open(clinic);
  stand = running;
  const model = new RealtimeModel({
    baseUrl: `${running.gateway.url}/v1`,
    turnDetection: { type: 'server_vad', silenceDurationMs: 300 },
    inputAudioTranscription: { model: 'whisper-1' },
    apiKey: 'any',
    ...options,
  });
  const link = await model.dial({
    clock: systemClock(),
    ids: countedIds(),
    signal: new AbortController().signal,
  });
  const talk = new Caller(link);
  caller = talk;
  talk.link.send({ t: 'open', config: { ...model.defaults, tools }, history: [] });
  await talk.until((event) => (event.t === 'ready' ? event : undefined));
  return { stand: running, caller: talk };
}

describe('our client, the wire, our server, a script', () => {
  it('every option at once: the session opens with it, and shows it', async () => {
    const { stand, caller } = await open({
      voice: { id: 'voice_1' },
      modalities: ['text'],
      toolChoice: { name: 'opening_hours' },
      inputAudioTranscription: { model: 'gpt-transcribe', languages: ['de', 'en'], keywords: ['Ada'] },
      inputAudioNoiseReduction: 'far_field',
      turnDetection: { type: 'semantic_vad', eagerness: 'high' },
      speed: 1.1,
      maxResponseOutputTokens: 500,
      reasoning: { effort: 'low' },
      parallelToolCalls: true,
      truncation: { retentionRatio: 0.7, tokenLimits: { postInstructions: 5000 } },
      tracing: { workflowName: 'Calls' },
      prompt: { id: 'pmpt_1' },
      include: ['item.input_audio_transcription.logprobs'],
      mcpTools: [{ serverLabel: 'docs', serverUrl: 'https://mcp.example', requireApproval: 'never' }],
    });
    const [{ session }] = stand.sent('session.updated') as [ServerEventOf<'session.updated'>];
    expect(session).toMatchObject({
      output_modalities: ['text'],
      tool_choice: { type: 'function', name: 'opening_hours' },
      max_output_tokens: 500,
      reasoning: { effort: 'low' },
      parallel_tool_calls: true,
      truncation: {
        type: 'retention_ratio',
        retention_ratio: 0.7,
        token_limits: { post_instructions: 5000 },
      },
      tracing: { workflow_name: 'Calls' },
      prompt: { id: 'pmpt_1' },
      include: ['item.input_audio_transcription.logprobs'],
      tools: [
        { type: 'function', name: 'opening_hours' },
        { type: 'mcp', server_label: 'docs', server_url: 'https://mcp.example', require_approval: 'never' },
      ],
      audio: {
        input: {
          noise_reduction: { type: 'far_field' },
          transcription: { model: 'gpt-transcribe', languages: ['de', 'en'], keywords: ['Ada'] },
          turn_detection: { type: 'semantic_vad', eagerness: 'high' },
        },
        output: { voice: { id: 'voice_1' }, speed: 1.1 },
      },
    });
    // A script runs no tool servers.
    const failed = await caller.until((event) =>
      event.t === 'refused' && event.code === 'mcp_list_tools_failed' ? event : undefined,
    );
    expect(failed.message).toContain("'docs'");
    const config = caller.events.find((event) => event.t === 'ready');
    expect(config).toMatchObject({
      effective: { output: 'text', toolChoice: { name: 'opening_hours' }, vendor: { speed: 1.1 } },
    });
    caller.checker.finish();
  });

  it('a spoken turn with a tool, an interruption, and the turn after it', async () => {
    const { stand, caller } = await open();
    caller.speak();
    const heard = await caller.until((event) =>
      event.t === 'heard' && event.how === 'final' ? event : undefined,
    );
    expect(heard.text).toBe('When do you open tomorrow?');
    const call = await caller.until((event) =>
      event.t === 'call' && event.phase === 'ready' ? event : undefined,
    );
    expect(call).toMatchObject({ name: 'opening_hours', args: '{"day":"tomorrow"}', owner: 'us' });
    await caller.ended(0);
    const first = caller.of('response').find(({ phase }) => phase === 'started');
    expect(first).toMatchObject({ cause: { by: 'turn', turn: heard.turn }, outOfBand: false });

    const from = caller.events.length;
    const output = JSON.stringify({ from: 'nine', to: 'five' });
    const answered = await caller.ask((cmd) => ({
      t: 'answer',
      cmd,
      call: call.call,
      name: call.name,
      output,
      isError: false,
      more: false,
      then: 'speak',
    }));
    expect(answered.t).toBe('ack');
    expect(await caller.ask((cmd) => ({ t: 'reply', cmd }))).toMatchObject({ t: 'ack' });
    const audio = await caller.until((event) => (event.t === 'audio' ? event : undefined), from);
    expect(audio.pcm.some((sample) => Math.abs(sample) > 1000)).toBe(true);
    await caller.until((event) => (event.t === 'said' && /nine/.test(event.text) ? event : undefined), from);

    const cutFrom = caller.events.length;
    caller.speak();
    const cut = await caller.ended(cutFrom);
    expect(cut).toMatchObject({ status: 'cancelled', reason: 'turn_detected' });
    const truncated = await caller.ask((cmd) => ({
      t: 'item.cut',
      cmd,
      item: audio.item!,
      part: audio.part,
      heardMs: 250,
      heardText: '',
    }));
    expect(truncated).toMatchObject({ t: 'ack', item: audio.item });
    expect(stand.received('conversation.item.truncate')).toMatchObject([{ audio_end_ms: 250 }]);

    const bye = await caller.ended(caller.events.indexOf(cut) + 1);
    expect(bye).toMatchObject({ status: 'completed' });
    expect(bye.usage?.totalTokens).toBeGreaterThan(0);
    const words = caller
      .of('said')
      .filter(({ response, how }) => response === bye.response && how === 'final');
    expect(words.map(({ text }) => text)).toEqual(['Goodbye.']);
    expect(caller.of('refused')).toEqual([]);
    expect(caller.of('unknown')).toEqual([]);
    caller.checker.finish();
  });

  it('manual turns: commit, then a reply that is asked for', async () => {
    const { caller } = await open({ turnDetection: null });
    expect(await caller.ask((cmd) => ({ t: 'activity', cmd, edge: 'end' }))).toMatchObject({
      t: 'refused',
      code: 'input_audio_buffer_commit_empty',
      benign: true,
    });
    caller.speak();
    expect(await caller.ask((cmd) => ({ t: 'activity', cmd, edge: 'end' }))).toMatchObject({ t: 'ack' });
    expect(caller.of('response')).toEqual([]);
    await caller.ask((cmd) => ({ t: 'reply', cmd }));
    await caller.ended(0);
    expect(caller.of('said').some(({ text }) => text.startsWith('Let'))).toBe(true);
    caller.speak(new Int16Array(4800));
    expect(await caller.ask((cmd) => ({ t: 'activity', cmd, edge: 'discard' }))).toMatchObject({ t: 'ack' });
    caller.checker.finish();
  });

  it('items: add, place, fetch, remove; what the server does not know is refused', async () => {
    const { caller } = await open({ turnDetection: null });
    const item = (id: string, text: string): Item => ({
      kind: 'message',
      id,
      role: 'user',
      parts: [{ kind: 'text', text }],
    });
    expect(await caller.ask((cmd) => ({ t: 'item.add', cmd, item: item('one', 'First.') }))).toMatchObject({
      item: 'one',
    });
    expect(
      await caller.ask((cmd) => ({ t: 'item.add', cmd, item: item('two', 'Before.'), after: null })),
    ).toMatchObject({ item: 'two' });
    expect(
      await caller.ask((cmd) => ({ t: 'item.add', cmd, item: item('three', 'Lost.'), after: 'nothing' })),
    ).toMatchObject({ t: 'refused' });
    expect(await caller.ask((cmd) => ({ t: 'item.fetch', cmd, item: 'one' }))).toMatchObject({ t: 'ack' });
    expect(await caller.ask((cmd) => ({ t: 'item.remove', cmd, item: 'one' }))).toMatchObject({ t: 'ack' });
    expect(await caller.ask((cmd) => ({ t: 'item.remove', cmd, item: 'one' }))).toMatchObject({
      t: 'refused',
    });
    expect(caller.of('item').map(({ phase, item: { id }, after }) => [phase, id, after])).toEqual([
      ['added', 'one', null],
      ['done', 'one', null],
      ['added', 'two', null],
      ['done', 'two', null],
      ['fetched', 'one', undefined],
      ['removed', 'one', undefined],
    ]);
    caller.checker.finish();
  });

  it('replies in text, beside the conversation, stopped; settings changed while it runs', async () => {
    const { caller } = await open({ turnDetection: null });
    await caller.ask((cmd) => ({
      t: 'reply',
      cmd,
      overrides: { output: 'text' },
      metadata: { topic: 'greeting' },
    }));
    const text = await caller.ended(0);
    expect(caller.of('audio')).toEqual([]);
    expect(caller.of('response')[0]).toMatchObject({ metadata: { topic: 'greeting' } });
    expect(caller.of('said').findLast(({ response }) => response === text.response)?.text).toBe('Hello.');

    const from = caller.events.length;
    await caller.ask((cmd) => ({
      t: 'reply',
      cmd,
      outOfBand: true,
      input: [],
      overrides: { output: 'text' },
    }));
    await caller.ended(from);
    expect(caller.events.slice(from).find(({ t }) => t === 'response')).toMatchObject({ outOfBand: true });
    expect(caller.events.slice(from).filter(({ t }) => t === 'item')).toEqual([]);

    expect(
      await caller.ask((cmd) => ({ t: 'configure', cmd, patch: { instructions: 'Be kind.', tools: null } })),
    ).toMatchObject({ t: 'ack' });
    expect(await caller.ask((cmd) => ({ t: 'stop', cmd }))).toMatchObject({ t: 'refused', benign: true });
    caller.checker.finish();
  });

  it('no gateway there -> connect_failed', async () => {
    const { stand } = await open();
    const url = stand.gateway.url;
    await stand.gateway.close();
    const model = new RealtimeModel({ baseUrl: `${url}/v1`, apiKey: 'any' });
    const context = { clock: systemClock(), ids: countedIds(), signal: new AbortController().signal };
    await expect(model.dial(context)).rejects.toMatchObject({ code: 'connect_failed' });
  });
});
