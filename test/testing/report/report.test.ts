import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWav } from '../../../src/audio/index.js';
import {
  conversationReport,
  echoOf,
  type Label,
  type LogEntry,
  metricAt,
  noise,
  recordingWav,
  speechSegments,
} from '../../../src/testing/index.js';
import { entry, label, type Made, rateHz, recordingOf } from './made.js';

interface Told {
  durationMs?: number;
  caller?: Made[];
  agent?: Made[];
  labels?: Label[];
  log?: LogEntry[];
}

function report({ durationMs = 20_000, caller = [], agent = [], labels = [], log = [] }: Told) {
  return conversationReport({ recording: recordingOf(durationMs, caller, agent), labels, log });
}

/** Figures by name; of distributions the maximum. */
function figures(told: Told, ...names: string[]) {
  const made = report(told);
  return Object.fromEntries(names.map((name) => [name, metricAt(made, name)]));
}

const turn = (fromMs: number, toMs: number) => label('turn', fromMs, toMs);
const interruption = (fromMs: number, toMs: number) => label('interruption', fromMs, toMs);

describe('segments', () => {
  it('gaps under 200 ms are closed, sounds under 80 ms are no speech', () => {
    const { caller } = recordingOf(
      5000,
      [
        [500, 1000],
        [1150, 1500],
        [2000, 2050],
        [3000, 4000],
      ],
      [],
    );
    const { speech, blips } = speechSegments(caller, rateHz);
    expect(speech).toEqual([
      { fromMs: 500, toMs: 1500 },
      { fromMs: 3000, toMs: 4000 },
    ]);
    expect(blips).toEqual([{ fromMs: 2000, toMs: 2050 }]);
  });

  it('a steady noise is no speech, and speech is found in it', () => {
    const { caller } = recordingOf(5000, [[2000, 3000]], []);
    const hiss = noise('white', 1, 5000, { sampleRateHz: rateHz, levelDb: -40 });
    const noisy = caller.map((sample, i) => sample + hiss[i]!);
    expect(speechSegments(hiss, rateHz).speech).toEqual([]);
    expect(speechSegments(noisy, rateHz).speech).toEqual([{ fromMs: 2000, toMs: 3000 }]);
  });
});

describe('latency', () => {
  it('from the last sample to the first, by turn; a tool is another figure', () => {
    const told: Told = {
      agent: [
        [100, 900],
        [3000, 4000],
        [6200, 7000],
        [11_000, 12_000],
      ],
      labels: [turn(1500, 2500), turn(5000, 6000), turn(8000, 9000)],
      log: [
        entry(9400, 'tool_started', { callId: 'c', name: 'n' }),
        entry(10_400, 'function_tools_executed', { calls: [{ callId: 'c', isError: false }] }),
      ],
    };
    expect(
      figures(told, 'v2v_ms.n', 'v2v_ms.max', 'v2v_ms.p50', 'v2v_tool_ms.max', 'first_speech_ms'),
    ).toEqual({
      'v2v_ms.n': 2,
      'v2v_ms.max': 500,
      'v2v_ms.p50': 200,
      'v2v_tool_ms.max': 2000,
      first_speech_ms: 100,
    });
    expect(figures(told, 'tool_wait_ms.max', 'tool_silent_wait_ms.max', 'post_tool_silence_ms.max')).toEqual({
      'tool_wait_ms.max': 1000,
      'tool_silent_wait_ms.max': 1000,
      'post_tool_silence_ms.max': 600,
    });
  });

  it('a filler before a tool is an acknowledgement, not the answer', () => {
    const told: Told = {
      agent: [
        [3000, 3500],
        [6000, 7000],
      ],
      labels: [turn(1000, 2000)],
      log: [
        entry(3400, 'tool_started', { callId: 'c', name: 'n' }),
        entry(5500, 'tool_ended', { callId: 'c', outcome: 'completed' }),
        entry(5500, 'function_tools_executed', { calls: [{ callId: 'c', isError: false }] }),
      ],
    };
    expect(
      figures(
        told,
        'ack_ms.max',
        'v2v_tool_ms.max',
        'pre_tool_speech_rate',
        'tools_completed',
        'tools_orphaned',
      ),
    ).toEqual({
      'ack_ms.max': 1000,
      'v2v_tool_ms.max': 4000,
      pre_tool_speech_rate: 1,
      tools_completed: 1,
      tools_orphaned: 0,
    });
  });

  it('the parts of the waterfall sum to the whole', () => {
    const made = report({
      agent: [[3000, 4000]],
      labels: [turn(1000, 2000)],
      log: [
        entry(2500, 'input_audio_committed'),
        entry(2800, 'generation_audio'),
        entry(2850, 'playback_started', { playedMs: 0 }),
      ],
    });
    const parts = ['commit_ms', 'model_ms', 'play_ms', 'lead_silence_ms'].map(
      (name) => metricAt(made, `${name}.p50`)!,
    );
    expect(parts).toEqual([500, 300, 50, 150]);
    expect(parts.reduce((sum, ms) => sum + ms)).toBe(metricAt(made, 'v2v_ms.p50'));
  });

  it('an answer within the turn is early, and below zero', () => {
    expect(
      figures(
        { agent: [[1900, 3000]], labels: [turn(1000, 2000)] },
        'v2v_ms.max',
        'early_rate',
        'agent_interrupt_rate',
      ),
    ).toEqual({
      'v2v_ms.max': -100,
      early_rate: 1,
      agent_interrupt_rate: 1,
    });
  });
});

describe('interruptions', () => {
  it('stopped: from the onset to the last sample; the answer from the end of the turn', () => {
    const told: Told = {
      agent: [
        [1000, 2400],
        [4500, 5500],
      ],
      labels: [interruption(2000, 3500)],
      log: [entry(2200, 'speech_interrupted', { by: 'user' }), entry(2400, 'cleared', { playedMs: 1400 })],
    };
    expect(
      figures(
        told,
        'bargein_stop_ms.max',
        'bargein_detect_ms.max',
        'bargein_flush_ms.max',
        'yield_rate',
        'post_interrupt_latency_ms.max',
        'missed_interruptions',
      ),
    ).toEqual({
      'bargein_stop_ms.max': 400,
      'bargein_detect_ms.max': 200,
      'bargein_flush_ms.max': 200,
      yield_rate: 1,
      'post_interrupt_latency_ms.max': 1000,
      missed_interruptions: 0,
    });
  });

  it('not within two seconds is missed', () => {
    expect(
      figures(
        { agent: [[1000, 6000]], labels: [interruption(2000, 3000)] },
        'yield_rate',
        'missed_interruptions',
        'bargein_stop_ms.max',
      ),
    ).toEqual({
      yield_rate: 0,
      missed_interruptions: 1,
      'bargein_stop_ms.max': undefined,
    });
  });

  it.each(['backchannel', 'tic', 'side_speech', 'noise'] as const)(
    '%s: talked through, or stopped and resumed',
    (kind) => {
      const through: Told = {
        agent: [[1000, 6000]],
        labels: [label(kind, 2000, 2600)],
        log: [entry(0, 'x')],
      };
      expect(figures(through, 'false_interruptions', `selectivity_${kind}`, 'resume_rate')).toEqual({
        false_interruptions: 0,
        [`selectivity_${kind}`]: 1,
        resume_rate: undefined,
      });
      const stopped: Told = {
        agent: [
          [1000, 2400],
          [3000, 6000],
        ],
        labels: [label(kind, 2000, 2600)],
        log: [entry(2400, 'cleared', { playedMs: 1400 })],
      };
      expect(
        figures(stopped, 'false_interruptions', `selectivity_${kind}`, 'resume_rate', 'resume_ms.max'),
      ).toEqual({
        false_interruptions: 1,
        [`selectivity_${kind}`]: 0,
        resume_rate: 1,
        'resume_ms.max': 600,
      });
    },
  );

  it('without a log a long silence is a stop', () => {
    const stopped: Told = { agent: [[1000, 2400]], labels: [label('tic', 2000, 2200)] };
    expect(figures(stopped, 'false_interruptions')).toEqual({ false_interruptions: 1 });
    const paused: Told = {
      agent: [
        [1000, 2400],
        [2800, 4000],
      ],
      labels: [label('tic', 2000, 2200)],
    };
    expect(figures(paused, 'false_interruptions')).toEqual({ false_interruptions: 0 });
  });

  it('the stop for a real interruption is not blamed on the noise around it', () => {
    const told: Told = {
      agent: [[1000, 2400]],
      labels: [label('noise', 0, 20_000), interruption(2000, 3000)],
      log: [entry(2400, 'cleared', { playedMs: 1400 })],
    };
    expect(figures(told, 'false_interruptions', 'missed_interruptions')).toEqual({
      false_interruptions: 0,
      missed_interruptions: 0,
    });
  });

  it('a cough that is answered is a false response', () => {
    expect(figures({ agent: [[3000, 4000]], labels: [label('tic', 2000, 2300)] }, 'false_responses')).toEqual(
      { false_responses: 1 },
    );
    const owed: Told = { agent: [[3000, 4000]], labels: [turn(500, 1500), label('tic', 2000, 2300)] };
    expect(figures(owed, 'false_responses')).toEqual({ false_responses: 0 });
  });

  it('audio after the stop is stale; the position told is compared with the one played', () => {
    const told: Told = {
      agent: [[1000, 2500]],
      labels: [interruption(2000, 3000)],
      log: [
        entry(990, 'generation_audio'),
        entry(1000, 'playback_started', { playedMs: 500 }),
        entry(2200, 'speech_interrupted', { by: 'user' }),
        entry(2200, 'cleared', { playedMs: 1700 }),
        entry(2210, 'remote_item_truncated', { heardMs: 1150 }),
      ],
    };
    expect(figures(told, 'stale_audio_ms', 'truncation_error_ms.max')).toEqual({
      stale_audio_ms: 240,
      'truncation_error_ms.max': 50,
    });
  });

  it('an interruption by a silent caller is one by itself', () => {
    const log = [entry(2200, 'speech_interrupted', { by: 'user' })];
    expect(figures({ agent: [[1000, 2200]], labels: [turn(6000, 7000)], log }, 'self_interruptions')).toEqual(
      { self_interruptions: 1 },
    );
  });
});

describe('turn taking', () => {
  it('turns answered, cut off, missed; dead air and whom it waited for', () => {
    const told: Told = {
      agent: [
        [3000, 4000],
        [6700, 7300],
      ],
      labels: [turn(1000, 2000), turn(5000, 6000), label('pause', 6000, 8000), turn(8000, 9000)],
    };
    expect(
      figures(
        told,
        'turn_count',
        'response_rate',
        'missed_turns',
        'cut_off_rate',
        'dead_air_count',
        'dead_air_agent_count',
        'dead_air_longest_ms',
      ),
    ).toEqual({
      turn_count: 2,
      response_rate: 0.5,
      missed_turns: 1,
      cut_off_rate: 1,
      dead_air_count: 1,
      dead_air_agent_count: 1,
      dead_air_longest_ms: 11_000,
    });
  });

  it('silence after the agent spoke waits for the caller, silence of a tool for the tool', () => {
    expect(report({ agent: [[0, 1000]] }).deadAir).toEqual([
      { fromMs: 1000, toMs: 20_000, waitingFor: 'user' },
    ]);
    const log = [
      entry(2500, 'tool_started', { callId: 'c' }),
      entry(9000, 'tool_ended', { callId: 'c', outcome: 'completed' }),
    ];
    const { deadAir } = report({
      durationMs: 10_000,
      agent: [[9200, 10_000]],
      labels: [turn(1000, 2000)],
      log,
    });
    expect(deadAir).toEqual([{ fromMs: 2000, toMs: 9200, waitingFor: 'tool' }]);
  });

  it('overlap and double talk', () => {
    const told: Told = {
      durationMs: 10_000,
      agent: [
        [1000, 3000],
        [5000, 6000],
      ],
      labels: [interruption(2500, 3500), turn(5900, 6500)],
    };
    expect(figures(told, 'overlap_ms', 'double_talk_ms', 'overlap_ratio')).toEqual({
      overlap_ms: 600,
      double_talk_ms: 500,
      overlap_ratio: 0.06,
    });
  });

  it("EVA's curve", () => {
    const score = (answerMs: number) =>
      figures(
        { agent: [[2000 + answerMs, 2000 + answerMs + 600]], labels: [turn(1000, 2000)] },
        'eva_turn_score',
      ).eva_turn_score;
    expect([100, 500, 2000, 2750, 3500].map(score)).toEqual([0.6, 1, 1, 0.5, 0]);
  });
});

describe('the line', () => {
  it('echo: how much, and how late', () => {
    const { agent } = recordingOf(6000, [], [[1000, 5000]]);
    const pink = noise('pink', 3, 6000, { sampleRateHz: rateHz, levelDb: -20 });
    const speech = agent.map((sample, i) => (sample === 0 ? 0 : pink[i]!));
    const caller = speech.map((_, i) => Math.round(0.25 * (speech[i - 0.12 * rateHz] ?? 0)));
    const echo = echoOf({ caller, agent: speech, sampleRateHz: rateHz }, [{ fromMs: 1000, toMs: 5000 }])!;
    expect(echo.delayMs).toBe(120);
    expect(echo.correlation).toBeGreaterThan(0.9);
    const other = noise('pink', 4, 6000, { sampleRateHz: rateHz, levelDb: -20 });
    expect(
      echoOf({ caller: other, agent: speech, sampleRateHz: rateHz }, [{ fromMs: 1000, toMs: 5000 }])!
        .correlation,
    ).toBeLessThan(0.25);
  });

  it('clipping and level', () => {
    const recording = recordingOf(1000, [[0, 1000]], []);
    recording.caller.fill(32_767, 0, 0.1 * rateHz);
    const made = conversationReport({ recording });
    expect(metricAt(made, 'clip_ratio_caller')).toBe(0.1);
    expect(metricAt(made, 'rms_dbfs_agent')).toBe(-100);
  });
});

describe('the report', () => {
  it('what was not measured is absent; without labels the caller is found in the recording', () => {
    const made = report({ caller: [[1000, 2000]], agent: [[2600, 3500]] });
    expect(made.basis).toEqual({ log: false, labels: false });
    expect(metricAt(made, 'v2v_ms.p50')).toBe(600);
    for (const name of [
      'missed_interruptions',
      'false_interruptions',
      'stale_audio_ms',
      'reconnects',
      'tools_orphaned',
    ]) {
      expect(metricAt(made, name)).toBeUndefined();
    }
  });

  it('gates are judged where there is a figure', () => {
    const { gates } = report({ agent: [[5000, 6000]], labels: [turn(1000, 2000)] });
    expect(gates.find(({ metric }) => metric === 'v2v_ms.p95')).toMatchObject({ value: 3000, passed: false });
    expect(gates.some(({ metric }) => metric === 'bargein_stop_ms.p95')).toBe(false);
  });

  it('is JSON, changes nothing, and survives any recording, labels and log', () => {
    const span = fc
      .tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 700 }))
      .map(([from, length]): Made => [from, Math.min(1000, from + length)]);
    const kinds = [
      'turn',
      'interruption',
      'backchannel',
      'tic',
      'side_speech',
      'noise',
      'pause',
      'dtmf',
    ] as const;
    const events = [
      'cleared',
      'playback_started',
      'speech_interrupted',
      'tool_started',
      'tool_ended',
      'function_tools_executed',
      'generation_audio',
      'input_audio_committed',
      'remote_item_truncated',
      'session_reconnected',
    ];
    fc.assert(
      fc.property(
        fc.array(span, { maxLength: 4 }),
        fc.array(span, { maxLength: 4 }),
        fc.array(fc.tuple(fc.constantFrom(...kinds), span), { maxLength: 6 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 1200 }), fc.constantFrom(...events)), { maxLength: 12 }),
        (caller, agent, sounds, happened) => {
          const recording = recordingOf(1000, caller, agent);
          const labels = sounds
            .map(([kind, [from, to]]) => label(kind, from, to))
            .sort((a, b) => a.fromMs - b.fromMs);
          const log = happened
            .map(([atMs, event]) => entry(atMs, event, { callId: 'c' }))
            .sort((a, b) => a.atMs - b.atMs);
          const input = { recording, labels, log };
          const before = JSON.stringify({ labels, log });
          const samples = Buffer.from(recording.agent.slice().buffer);
          const made = conversationReport(input);
          expect(JSON.stringify({ labels, log })).toBe(before);
          expect(samples.equals(Buffer.from(recording.agent.buffer))).toBe(true);
          expect(JSON.parse(JSON.stringify(made))).toEqual(made);
          for (const [name, figure] of Object.entries(made.metrics)) {
            for (const value of typeof figure === 'number' ? [figure] : Object.values(figure)) {
              if (typeof value === 'number' && !Number.isFinite(value)) {
                throw new Error(`${name} is ${value}`);
              }
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('the recording is a WAV of two channels: the caller, the agent', () => {
    const recording = recordingOf(500, [[0, 100]], [[200, 300]]);
    const wav = parseWav(recordingWav(recording));
    expect([wav.channels, wav.sampleRateHz]).toEqual([2, rateHz]);
    expect(wav.pcm.filter((_, i) => i % 2 === 0)).toEqual(recording.caller);
    expect(wav.pcm.filter((_, i) => i % 2 === 1)).toEqual(recording.agent);
  });
});
