import { describe, expect, it } from 'vitest';
import {
  connectVoice,
  type VoiceClient,
  type VoiceOptions,
  type VoiceStatus,
} from '../../src/client/index.js';
import { socketUrl } from '../../src/client/options.js';
import { type PlaybackReport, ReparteeError, type Transport } from '../../src/core/index.js';
import { browserTransport } from '../../src/transports/browser/index.js';
import { type FakePlatform, fakePlatform } from './fake-platform.js';

/** A page and a server's transport over a socket in memory; both real, only the sound card and the clock are not. */
interface Call {
  platform: FakePlatform;
  client: VoiceClient;
  /** One for each connection, the newest last. */
  transports: Transport[];
  statuses: VoiceStatus[];
  errors: ReparteeError[];
  data: Record<string, unknown>[];
  settle(): Promise<void>;
}

async function call(options: Partial<VoiceOptions> = {}): Promise<Call> {
  const transports: Transport[] = [];
  const platform = fakePlatform((socket) => {
    const transport = browserTransport(socket, { clock: platform.clock });
    transports.push(transport);
    transport.start().catch(() => {});
  });
  const statuses: VoiceStatus[] = [];
  const errors: ReparteeError[] = [];
  const data: Record<string, unknown>[] = [];
  const connecting = connectVoice({
    url: 'ws://server/voice',
    platform,
    onStatus: (status) => statuses.push(status),
    onError: (error) => errors.push(error),
    onData: (message) => data.push(message),
    ...options,
  });
  const settle = () => platform.clock.advance(0);
  await settle();
  const client = await connecting;
  return { platform, client, transports, statuses, errors, data, settle };
}

const phases = (statuses: VoiceStatus[]) => statuses.map((status) => status.phase);
const failure = (run: Promise<unknown>): Promise<ReparteeError> =>
  run.then(
    () => {
      throw new Error('did not reject');
    },
    (error) => error,
  );

describe('connecting', () => {
  it('preparing -> connecting -> live; close lets go of everything, twice does nothing', async () => {
    const { client, platform, statuses, transports, settle } = await call();
    expect(phases(statuses)).toEqual(['preparing', 'connecting', 'live']);
    let ended = 0;
    transports[0]!.onClosed((error) => {
      expect(error).toBeUndefined();
      ended += 1;
    });
    client.close();
    client.close();
    await settle();
    expect(client.status).toEqual({ phase: 'closed' });
    expect([platform.audio.closed, ended, platform.clock.pending]).toEqual([true, 1, 0]);
  });

  it('microphone refused -> rejects, nothing is dialled', async () => {
    const platform = fakePlatform();
    platform.refuseAudio = new ReparteeError('microphone_denied', 'Not allowed.');
    const error = await failure(connectVoice({ url: 'ws://s', platform }));
    expect(error).toMatchObject({ code: 'microphone_denied', message: 'Not allowed.' });
    expect(platform.accepted).toEqual([]);
  });

  it('no server -> connect_failed, the microphone is let go', async () => {
    const platform = fakePlatform();
    platform.serverUp = false;
    const error = await failure(connectVoice({ url: 'ws://s', platform }));
    expect(error).toMatchObject({ code: 'connect_failed', message: 'The server does not answer.' });
    expect(platform.audio.closed).toBe(true);
    expect(platform.clock.pending).toBe(0);
  });

  it('a server without a welcome -> connect_failed after 10 s', async () => {
    const platform = fakePlatform();
    const failed = failure(connectVoice({ url: 'ws://s', platform }));
    await platform.clock.advance(10_000);
    expect(await failed).toMatchObject({ code: 'connect_failed', message: expect.stringMatching(/in time/) });
  });

  it('given up while connecting -> closed', async () => {
    const platform = fakePlatform();
    const abort = new AbortController();
    const failed = failure(connectVoice({ url: 'ws://s', platform, signal: abort.signal }));
    await platform.clock.advance(0);
    abort.abort();
    expect(await failed).toMatchObject({ code: 'closed' });
    expect(platform.audio.closed).toBe(true);
    const before = failure(connectVoice({ url: 'ws://s', platform, signal: abort.signal }));
    expect(await before).toMatchObject({ code: 'closed' });
  });

  it.each([
    ['ws://a/b', undefined, 'ws://a/b'],
    ['/voice', 'http://127.0.0.1:3000/page?x=1#y', 'ws://127.0.0.1:3000/voice'],
    ['voice', 'https://host/demo/', 'wss://host/demo/voice'],
    ['https://host/v', undefined, 'wss://host/v'],
  ])('address %s on %s -> %s', (url, page, expected) => {
    expect(socketUrl(url, page)).toBe(expected);
  });

  it.each(['voice', 'ftp://a/b', 'ws://'])('address %s -> option_invalid', async (url) => {
    expect(await failure(connectVoice({ url, platform: fakePlatform() }))).toMatchObject({
      code: 'option_invalid',
      param: 'url',
    });
  });
});

describe('talking', () => {
  it('the microphone reaches the server; level and mute', async () => {
    const { client, platform, transports, settle } = await call();
    let samples = 0;
    transports[0]!.input.onAudio((pcm) => {
      samples += pcm.length;
    });
    platform.audio.speak(3);
    await settle();
    expect([samples, client.microphoneLevel]).toEqual([1440, 0.5]);
    client.setMuted(true);
    expect([client.muted, platform.audio.muted, client.microphoneLevel]).toEqual([true, true, 0]);
    client.close();
  });

  it('what the server writes is played; it hears how far; a clear is exact', async () => {
    const { client, platform, transports, settle } = await call();
    const { output } = transports[0]!;
    const reports: PlaybackReport[] = [];
    output.onPlayback((report) => reports.push(report));
    output.write(new Int16Array(24_000).fill(8192));
    output.flush();
    await settle();
    platform.audio.play(6000);
    await settle();
    expect(reports.at(0)).toEqual({ phase: 'started', playedMs: 0 });
    expect(reports.at(-1)).toEqual({ phase: 'position', playedMs: 250 });
    expect(client.agentLevel).toBe(0.25);
    platform.audio.play(300);
    const clearing = output.clear();
    output.write(new Int16Array(2400).fill(100));
    output.flush();
    await settle();
    expect(await clearing).toEqual({ playedMs: 262.5, estimated: false });
    expect(platform.audio.heard.every((v) => v === 0.25)).toBe(true);
    expect(client.diagnostics.lastClear).toMatchObject({ id: 2, playedSamples: 6300 });
    platform.audio.play(3000);
    await settle();
    expect(reports.at(-1)).toEqual({ phase: 'finished', playedMs: 362.5 });
    expect(platform.audio.heard.filter((v) => v === 0.25).length).toBe(6300);
    expect(client.agentLevel).toBe(0);
    client.close();
  });

  it('messages go both ways; without a connection `send` says no', async () => {
    const { client, transports, data, settle } = await call();
    const got: Record<string, unknown>[] = [];
    transports[0]!.data?.onMessage((message) => got.push(message));
    transports[0]!.data?.send({ type: 'hello', model: 'm' });
    expect(client.send({ type: 'text', text: 'hi' })).toBe(true);
    await settle();
    expect([got, data]).toEqual([[{ type: 'text', text: 'hi' }], [{ type: 'hello', model: 'm' }]]);
    client.close();
    expect(client.send({})).toBe(false);
  });

  it('garbage from the server -> errors, then the end without a retry', async () => {
    const { client, platform, errors, settle } = await call();
    const server = platform.accepted[0]!;
    for (const frame of ['{', '{"type":"sing"}', new Uint8Array(3)]) server.send(frame);
    await settle();
    expect(errors.map((error) => error.code)).toEqual([
      'frame_malformed',
      'event_unknown',
      'audio_malformed',
    ]);
    expect(client.status.phase).toBe('live');
    for (let i = 0; i < 20; i++) server.send('{');
    await settle();
    expect(client.status).toMatchObject({ phase: 'closed', error: { code: 'transport_lost' } });
  });

  it('another microphone; one that is refused changes nothing; one that is pulled out is replaced', async () => {
    const { client, platform, errors, settle } = await call();
    const microphones: unknown[] = [];
    client.on('microphone', (microphone) => microphones.push(microphone?.deviceId ?? null));
    await client.useMicrophone({ deviceId: 'b' });
    platform.audio.loseMicrophone();
    await settle();
    platform.audio.refuseMicrophone = new ReparteeError('microphone_missing', 'Gone.');
    expect(await failure(client.useMicrophone({ deviceId: 'c' }))).toMatchObject({
      code: 'microphone_missing',
    });
    platform.audio.loseMicrophone();
    await settle();
    expect(microphones).toEqual(['b', 'default', null]);
    expect(errors.map((error) => error.code)).toEqual(['microphone_missing']);
    client.close();
  });
});

describe('a lost connection', () => {
  it('-> reconnecting -> live as a new session that counts from zero', async () => {
    const { client, platform, transports, statuses, settle } = await call();
    transports[0]!.output.write(new Int16Array(24_000).fill(8192));
    await settle();
    platform.audio.play(2400);
    platform.serverUp = false;
    platform.accepted[0]!.cut();
    await settle();
    expect(client.status).toEqual({ phase: 'reconnecting', attempt: 1, retryInMs: 500 });
    platform.audio.heard = [];
    platform.audio.play(2400);
    expect(platform.audio.heard.slice(100).every((v) => v === 0)).toBe(true);
    await platform.clock.advance(500);
    expect(client.status).toEqual({ phase: 'reconnecting', attempt: 2, retryInMs: 1000 });
    platform.serverUp = true;
    await platform.clock.advance(1000);
    expect(statuses.at(-1)).toEqual({ phase: 'live', session: 2 });
    const { output } = transports[1]!;
    output.write(new Int16Array(2400).fill(8192));
    await settle();
    platform.audio.play(1200);
    const clearing = output.clear();
    await settle();
    expect(await clearing).toEqual({ playedMs: 50, estimated: false });
    client.close();
  });

  it('the network is back -> tried at once', async () => {
    const { client, platform, settle } = await call();
    platform.accepted[0]!.cut();
    await settle();
    expect(client.status.phase).toBe('reconnecting');
    platform.goOnline();
    await settle();
    expect(client.status).toEqual({ phase: 'live', session: 2 });
    client.close();
    await settle();
    expect(platform.clock.pending).toBe(0);
  });

  it('never comes back -> closed with transport_lost', async () => {
    const { client, platform, settle } = await call({ retry: { maxAttempts: 3 } });
    platform.serverUp = false;
    platform.accepted[0]!.cut();
    await settle();
    await platform.clock.advance(60_000);
    expect(client.status).toMatchObject({ phase: 'closed', error: { code: 'transport_lost' } });
    expect([platform.audio.closed, platform.clock.pending]).toEqual([true, 0]);
  });

  it('a server that falls silent without closing is noticed', async () => {
    const platform = fakePlatform((socket) => {
      socket.onFrame(() => {});
      socket.send('{"type":"welcome","version":1}');
    });
    const client = await connectVoice({ url: 'ws://s', platform, retry: false, onError: () => {} });
    await platform.clock.advance(11_000);
    expect(client.status.phase).toBe('live');
    await platform.clock.advance(5_000);
    expect(client.status).toMatchObject({
      phase: 'closed',
      error: { code: 'transport_lost', message: expect.stringMatching(/does not answer any more/) },
    });
  });

  it('the server lets the page go for cause -> closed with its words, no retry', async () => {
    const { client, platform, settle } = await call();
    platform.accepted[0]!.close(1008, 'one visitor at a time');
    await settle();
    expect(client.status).toMatchObject({
      phase: 'closed',
      error: { code: 'transport_lost', message: 'The server ended the connection: one visitor at a time' },
    });
  });

  it('the server ends the conversation -> closed without an error', async () => {
    const { client, transports } = await call();
    await transports[0]!.close('done');
    expect(client.status).toEqual({ phase: 'closed' });
  });
});
