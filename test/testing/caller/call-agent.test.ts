import { describe, expect, it } from 'vitest';
import { Agent } from '../../../src/agent/index.js';
import { cascadeModel, energyVad, type Script, scriptedModel, toneTts } from '../../../src/cascade/index.js';
import { playLlm, textEvents } from '../../../src/cascade/played-llm.js';
import { ConfigError } from '../../../src/core/index.js';
import {
  type CalleeSeams,
  type CalleeSource,
  type CallResult,
  callAgent,
  metricAt,
  perfectStt,
  type Scenario,
  type Step,
} from '../../../src/testing/index.js';

const long = 'Of course, I will tell you all about it, one thing after the other, so please listen well.';

/** Greets, and says something long to whatever it hears. */
function desk(script: Partial<Script> = {}, agentOptions: object = {}): CalleeSource {
  const turns = Array.from({ length: 6 }, () => ({ hears: 'yes', says: long }));
  return () => ({
    agent: new Agent({
      instructions: 'Be brief.',
      onEnter: ({ session }) => void session.generateReply(),
      ...agentOptions,
    }),
    options: { llm: scriptedModel({ greeting: long, turns, ...script }) },
  });
}

function call(steps: Step[], more: Partial<Scenario> = {}, callee = desk()): Promise<CallResult> {
  return callAgent({ name: 'x', steps, ...more }, callee);
}

const names = ({ log }: CallResult, source: string) =>
  log.filter((entry) => entry.source === source).map(({ event }) => event);

describe('a call in this process', () => {
  it('a question and its answer: recorded, logged, labelled, measured', async () => {
    const result = await call(
      [
        { wait: { for: 'agent_stopped' } },
        { say: { text: 'When do you open?' } },
        { wait: { for: 'agent_stopped' } },
      ],
      {
        expect: [
          { event: 'user_input_transcribed', where: { isFinal: true }, times: 1 },
          { event: 'agent_started', after: 'caller_stopped', withinMs: 700 },
          { understood: 'yes' },
          { heard: 'please listen well' },
          { textContains: 'goodbye', absent: true },
          { calls: 'anything', absent: true },
          { metric: 'v2v_ms.max', min: 480, max: 560 },
          { metric: 'turn_count', equals: 1 },
        ],
      },
    );
    expect(result.failures).toEqual([]);
    expect(result.passed).toBe(true);
    expect(result.recording.caller.length).toBe(result.recording.agent.length);
    expect((result.recording.caller.length * 1000) / 24_000).toBe(result.durationMs);
    expect(result.labels).toMatchObject([{ kind: 'turn', text: 'When do you open?', step: 1 }]);
    expect(names(result, 'caller')).toEqual(['caller_started', 'caller_stopped', 'hangup']);
    expect(names(result, 'session').at(-1)).toBe('close');
  });

  it('the same seed gives the same call to the sample, another one another', async () => {
    const noisy: Partial<Scenario> = {
      caller: { voice: 'rms', vary: { rate: 0.1, pitch: 0.1, levelDb: 3 } },
      line: { noise: { kind: 'pink', snrDb: 30 }, loss: { rate: 0.05 }, echo: {} },
    };
    const steps: Step[] = [
      { overlapAt: { agentMs: 500 } },
      { tic: {} },
      { say: { text: 'Stop.' } },
      { wait: { ms: 900 } },
    ];
    const [one, same, other] = await Promise.all(
      [5, 5, 6].map((seed) => callAgent({ name: 'x', steps, ...noisy }, desk(), { seed })),
    );
    const bytes = ({ recording }: CallResult) => Buffer.from(recording.caller.buffer);
    expect(bytes(one!).equals(bytes(same!))).toBe(true);
    expect(same!.log).toEqual(one!.log);
    expect(same!.report).toEqual(one!.report);
    expect(bytes(one!).equals(bytes(other!))).toBe(false);
  });

  it('what begins while the agent speaks is an interruption, unless it says that it is none', async () => {
    const cut = await call([
      { overlapAt: { agentMs: 800 } },
      { say: { text: 'Wait a moment.' } },
      { wait: { ms: 300 } },
    ]);
    expect(cut.labels).toMatchObject([{ kind: 'interruption' }]);
    expect(metricAt(cut.report, 'bargein_stop_ms.max')).toBeLessThan(150);
    expect(metricAt(cut.report, 'truncation_error_ms.max')).toBeLessThan(1);
    expect(metricAt(cut.report, 'stale_audio_ms')).toBe(0);
    const said = await call([
      { overlapAt: { agentMs: 800 } },
      { say: { text: 'Wait a moment.', intent: 'turn' } },
    ]);
    expect(said.labels).toMatchObject([{ kind: 'turn' }]);
  });

  it('uh huh, a cough and a word to somebody else are no interruptions, and stopping for them is told', async () => {
    const result = await call([
      { overlapAt: { agentMs: 300 } },
      { backchannel: { text: 'uh huh' } },
      { wait: { for: 'agent_stopped' } },
      { tic: { kind: 'throat' } },
      { wait: { ms: 500 } },
      { sideSpeech: { text: 'Close the door, please.' } },
      { wait: { ms: 300 } },
    ]);
    expect(result.failures).toEqual([]);
    expect(result.labels.map(({ kind }) => kind)).toEqual(['backchannel', 'tic', 'side_speech']);
    // The script's ears take any sound for speech, and the model stops for it.
    expect(metricAt(result.report, 'selectivity_backchannel')).toBe(0);
    expect(metricAt(result.report, 'turn_count')).toBe(0);
  });

  it('a pause is part of the turn, and an agent that speaks in it cuts in', async () => {
    const result = await call([
      { wait: { for: 'agent_stopped' } },
      { say: { text: 'My number is' } },
      { pause: { ms: 1500 } },
      { say: { text: 'one two three' } },
      { wait: { ms: 200 } },
    ]);
    expect(result.report.turns).toHaveLength(1);
    expect(metricAt(result.report, 'cut_off_rate')).toBe(1);
  });

  it('keys reach the session, and sound where they are audible', async () => {
    const result = await call(
      [
        { wait: { for: 'agent_stopped' } },
        { dtmf: { keys: '12#', audible: true } },
        { expect: { event: 'dtmf_received', where: { digits: '12' }, withinMs: 100 } },
      ],
      { line: { telephone: true } },
    );
    expect(result.failures).toEqual([]);
    expect(result.recording.sampleRateHz).toBe(8000);
    const pressed = result.log
      .filter(({ event }) => event === 'key_pressed')
      .map(({ atMs, data }) => [atMs, data.key]);
    const [[first]] = pressed as [[number, string]];
    expect(pressed).toEqual([
      [first, '1'],
      [first + 200, '2'],
      [first + 400, '#'],
    ]);
    const at = (first * 8000) / 1000;
    expect(result.recording.caller.subarray(at, at + 800).some((sample) => Math.abs(sample) > 3000)).toBe(
      true,
    );
  });

  it('a perfect recogniser hears every word, and nothing of coughs and noise', async () => {
    const echoes = (seams: CalleeSeams) => ({
      agent: new Agent({ instructions: '' }),
      options: {
        llm: cascadeModel({
          stt: perfectStt(seams),
          vad: energyVad({ thresholdDbfs: -50 }),
          tts: toneTts(),
          llm: {
            name: 'echo',
            chat: () => playLlm([...textEvents('I see.'), { t: 'done' as const, reason: 'stop' as const }]),
            async close() {},
          },
        }),
      },
    });
    const result = await call(
      [
        { say: { text: 'I would like to book, please.', voice: 'rms' } },
        { wait: { for: 'agent_stopped' } },
        { tic: { kind: 'slam' } },
        { wait: { ms: 2500 } },
        { say: { text: 'On Friday.' } },
        { wait: { for: 'agent_stopped' } },
      ],
      { line: { telephone: true } },
      echoes,
    );
    const heard = result.log.filter(
      ({ event, data }) => event === 'user_input_transcribed' && data.isFinal === true,
    );
    expect(heard.map(({ data }) => data.transcript).filter((text) => text !== '')).toEqual([
      'I would like to book please',
      'On Friday',
    ]);
  });

  it('in real time, where the scenario says so', async () => {
    const { failures, durationMs } = await call([{ overlapAt: { agentMs: 200 } }], { clock: 'real' });
    expect(failures).toEqual([]);
    expect(durationMs).toBeGreaterThanOrEqual(200);
  });

  describe('what goes wrong is a failure of the result', () => {
    it('what is waited for does not come', async () => {
      const { failures, passed } = await call([
        { wait: { for: 'tool_started', withinMs: 2000 } },
        { say: { text: 'a' } },
      ]);
      expect(failures).toEqual([
        { step: 0, message: "the event 'tool_started' did not come within 2000 ms" },
      ]);
      expect(passed).toBe(false);
    });

    it('expectations, each with what was there instead', async () => {
      const { failures } = await call([{ wait: { for: 'agent_stopped' } }], {
        expect: [
          { heard: 'good night' },
          { textContains: 'of course', absent: true },
          { event: 'agent_stopped', times: 3 },
          { event: 'agent_stopped', after: 'hangup', withinMs: 10 },
          { event: 'close', after: 'never' },
          { calls: 'book' },
          { metric: 'turn_count', min: 1 },
          { metric: 'v2v_ms.p95', max: 1 },
        ],
      });
      expect(failures.map(({ expectation, message }) => `${expectation}: ${message}`)).toEqual([
        `0: "good night" in the caller's ear is missing; heard was "${long}"`,
        `1: the agent's text "of course" is there, and should not be`,
        "2: the event 'agent_stopped' came 1 times, not 3",
        "3: the event 'agent_stopped' did not come",
        "4: the event 'close': the event 'never' before it did not come",
        "5: a call of 'book' did not come",
        '6: turn_count is 0, below 1',
        "7: the figure 'v2v_ms.p95' is not in the report",
      ]);
    });

    it('the call is not over in time', async () => {
      const { failures, durationMs } = await call([{ wait: { ms: 60_000 } }], { limitMs: 3000 });
      expect(failures).toEqual([{ message: 'the call was not over after 3000 ms' }]);
      expect(durationMs).toBe(3000);
    });

    it('the agent ends the call in the middle', async () => {
      const hangsUp = desk({}, { onEnter: ({ session }: Agent) => void session.close('not today') });
      const { failures } = await call([{ wait: { ms: 500 } }, { say: { text: 'Hello?' } }], {}, hangsUp);
      expect(failures).toEqual([{ step: 0, message: 'the call was ended by the far end (not today)' }]);
    });

    it('the agent cannot start', async () => {
      const broken = desk({}, { onEnter: () => Promise.reject(new Error('no book')) });
      const { failures } = await call([{ wait: { ms: 500 } }], {}, broken);
      expect(failures.map(({ message }) => message)).toContain('the agent could not start: no book');
    });

    it('a signal stops it', async () => {
      const stop = new AbortController();
      stop.abort();
      const result = await callAgent({ name: 'x', steps: [{ wait: { ms: 500 } }] }, desk(), {
        signal: stop.signal,
      });
      expect(result.failures.map(({ message }) => message)).toContain('the call was stopped');
    });
  });

  it('what cannot be is refused before the call, and what was opened for it is closed', async () => {
    await expect(call([{ say: { text: '', voice: 'rms' } }])).rejects.toBeInstanceOf(ConfigError);
    let closed = 0;
    const odd: CalleeSource = () => ({
      agent: new Agent({ instructions: '' }),
      options: { llm: scriptedModel({ turns: [] }), maxToolSteps: 0 },
      close: () => void (closed += 1),
    });
    await expect(call([], {}, odd)).rejects.toBeInstanceOf(ConfigError);
    expect(closed).toBe(1);
  });
});
