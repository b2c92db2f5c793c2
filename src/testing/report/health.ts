import { levelOf } from '../../audio/index.js';
import { type Ms, msToSamples } from '../../core/index.js';
import { distribution, type Figures, known } from './figures.js';
import type { Recording } from './recording.js';
import type { Scene } from './scene.js';
import type { Span } from './spans.js';

/** Enough for the pitch of a voice; the cost grows with its square. */
const echoRateHz = 1000;
const echoDelayMs: Ms = 500;
/** So much of the agent's speech is compared at most. */
const echoSpeechMs: Ms = 3000;

/** The line and the recording itself. */
export function healthFigures({ recording, agent, log, hasLog }: Scene): Figures {
  const { caller, agent: agentPcm } = recording;
  const echo = echoOf(recording, agent);
  const gaps = log
    .filter(({ event }) => event === 'session_reconnected')
    .map(({ data }) => Number(data.gapMs));
  return known({
    echo_corr: echo?.correlation,
    echo_delay_ms: echo?.delayMs,
    clip_ratio_caller: clipRatio(caller),
    clip_ratio_agent: clipRatio(agentPcm),
    rms_dbfs_caller: levelOf(caller).rmsDbfs,
    rms_dbfs_agent: levelOf(agentPcm).rmsDbfs,
    reconnects: hasLog ? gaps.length : undefined,
    reconnect_gap_ms: distribution(gaps),
    errors: hasLog
      ? log.filter(({ event, source }) => event === 'error' && source === 'session').length
      : undefined,
  });
}

function clipRatio(pcm: Int16Array): number | undefined {
  if (pcm.length === 0) return undefined;
  let clipped = 0;
  for (const sample of pcm) if (sample >= 32_767 || sample <= -32_768) clipped += 1;
  return clipped / pcm.length;
}

/**
 * How much of the agent comes back in the caller's channel: the peak of the normalised cross-correlation while the agent speaks,
 * over delays up to half a second. Undefined where the agent said nothing.
 */
export function echoOf(
  { caller, agent, sampleRateHz }: Recording,
  speech: readonly Span[],
): { correlation: number; delayMs: Ms } | undefined {
  const every = Math.round(sampleRateHz / echoRateHz);
  const rateHz = sampleRateHz / every;
  const [near, far] = [decimated(caller, every), decimated(agent, every)];
  const places: number[] = [];
  for (const { fromMs, toMs } of speech) {
    for (let at = msToSamples(fromMs, rateHz); at < msToSamples(toMs, rateHz) && at < far.length; at++)
      places.push(at);
    if (places.length > msToSamples(echoSpeechMs, rateHz)) break;
  }
  if (places.length === 0) return undefined;
  let best = { correlation: 0, delayMs: 0 };
  for (let delay = 0; delay <= msToSamples(echoDelayMs, rateHz); delay++) {
    let [product, own, other] = [0, 0, 0];
    for (const at of places) {
      const [sent, back] = [far[at]!, near[at + delay] ?? 0];
      product += sent * back;
      own += sent * sent;
      other += back * back;
    }
    const correlation = own === 0 || other === 0 ? 0 : Math.abs(product) / Math.sqrt(own * other);
    if (correlation > best.correlation) best = { correlation, delayMs: (delay * 1000) / rateHz };
  }
  return best;
}

/** Means of `every` samples: what lies above the new Nyquist is of little weight, and the same in both. */
function decimated(pcm: Int16Array, every: number): Float64Array {
  const out = new Float64Array(Math.floor(pcm.length / every));
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let k = 0; k < every; k++) sum += pcm[i * every + k]!;
    out[i] = sum / every;
  }
  return out;
}
