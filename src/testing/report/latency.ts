import type { Ms } from '../../core/index.js';
import { distribution, type Figures, known, rate } from './figures.js';
import type { LogEntry } from './recording.js';
import type { Scene, UserTurn } from './scene.js';

const earlyMs: Ms = 200;
const lateMs: Ms = 2750;
const lateWithToolMs: Ms = 4000;

/** From the last sample of the caller to the first audible one of the agent, and where the time went. */
export function latencyFigures(scene: Scene): Figures {
  const { turns, agent, log } = scene;
  const answered = turns.filter(({ answeredMs }) => answeredMs !== undefined);
  const plain = answered.filter(({ hasTool }) => !hasTool).map(latency);
  const withTool = answered.filter(({ hasTool }) => hasTool).map(latencyAfterTool);
  const late =
    plain.filter((ms) => ms >= lateMs).length + withTool.filter((ms) => ms >= lateWithToolMs).length;
  const falls = answered.filter(({ hasTool }) => !hasTool).flatMap((turn) => waterfall(turn, log));
  return known({
    v2v_ms: distribution(plain),
    v2v_tool_ms: distribution(withTool),
    ack_ms: distribution(answered.map(latency)),
    first_speech_ms: agent[0]?.fromMs,
    early_rate: rate(answered.filter((turn) => latency(turn) < earlyMs).length, answered.length),
    late_rate: rate(late, answered.length),
    commit_ms: distribution(falls.map(({ commitMs }) => commitMs)),
    model_ms: distribution(falls.map(({ modelMs }) => modelMs)),
    play_ms: distribution(falls.map(({ playMs }) => playMs)),
    lead_silence_ms: distribution(falls.map(({ leadSilenceMs }) => leadSilenceMs)),
    transcript_lag_ms: distribution(turns.flatMap((turn) => transcriptLag(turn, scene))),
  });
}

/** Of a turn that was answered. */
export function latency({ answeredMs = 0, toMs }: UserTurn): Ms {
  return answeredMs - toMs;
}

/** To the answer itself: a filler before the tool is none. */
export function latencyAfterTool(turn: UserTurn): Ms {
  return (turn.answeredAfterToolMs ?? turn.answeredMs ?? 0) - turn.toMs;
}

/** The four parts of a turn's latency; they sum to it. */
export interface Waterfall {
  /** The model was told that the turn is over. */
  commitMs: Ms;
  /** Its first audio came. */
  modelMs: Ms;
  /** The far end began to play. */
  playMs: Ms;
  /** The first of it that can be heard. */
  leadSilenceMs: Ms;
}

function waterfall(turn: UserTurn, log: readonly LogEntry[]): Waterfall[] {
  const first = (event: string, fromMs: Ms) =>
    log.find((entry) => entry.event === event && entry.atMs >= fromMs)?.atMs;
  const heard = turn.answeredMs ?? 0;
  const committed = first('input_audio_committed', turn.toMs);
  const audio = committed === undefined ? undefined : first('generation_audio', committed);
  const played = audio === undefined ? undefined : first('playback_started', audio);
  if (committed === undefined || audio === undefined || played === undefined || played > heard) return [];
  return [
    {
      commitMs: committed - turn.toMs,
      modelMs: audio - committed,
      playMs: played - audio,
      leadSilenceMs: heard - played,
    },
  ];
}

function transcriptLag(turn: UserTurn, { log, turns }: Scene): Ms[] {
  const next = turns.find(({ fromMs }) => fromMs > turn.fromMs)?.fromMs ?? Number.POSITIVE_INFINITY;
  const final = log.find(
    ({ event, data, atMs }) =>
      event === 'user_input_transcribed' && data.isFinal === true && atMs >= turn.toMs && atMs < next,
  );
  return final === undefined ? [] : [final.atMs - turn.toMs];
}
