import { ConfigError, isDtmfKey, type Ms, msToSamples } from '../../../core/index.js';

const rows = ['123A', '456B', '789C', '*0#D'];
const rowHz = [697, 770, 852, 941];
const columnHz = [1209, 1336, 1477, 1633];
const fadeMs: Ms = 2;

/** The sound of a key: its two tones. ConfigError `option_invalid` for what is no key. */
export function dtmfTone(
  key: string,
  options: { sampleRateHz?: number; durationMs?: Ms; peakDb?: number } = {},
): Int16Array<ArrayBuffer> {
  const { sampleRateHz = 24_000, durationMs = 100, peakDb = -9 } = options;
  if (!isDtmfKey(key)) {
    throw new ConfigError('option_invalid', `'${key}' is no key of a telephone.`, { param: 'key' });
  }
  const row = rows.findIndex((keys) => keys.includes(key));
  const low = (2 * Math.PI * rowHz[row]!) / sampleRateHz;
  const high = (2 * Math.PI * columnHz[rows[row]!.indexOf(key)]!) / sampleRateHz;
  const out = new Int16Array(msToSamples(durationMs, sampleRateHz));
  const ramp = Math.min(msToSamples(fadeMs, sampleRateHz), out.length / 2);
  const peak = 32_767 * 10 ** (peakDb / 20);
  for (let i = 0; i < out.length; i++) {
    const fade = Math.min(1, i / ramp, (out.length - 1 - i) / ramp);
    out[i] = Math.round(peak * 0.5 * fade * (Math.sin(low * i) + Math.sin(high * i)));
  }
  return out;
}
