import { type DtmfKey, isDtmfKey } from './dtmf.js';
import { WireError } from './errors.js';
import type { Picture } from './transport.js';

/**
 * The wire between a page (`repartee/client`) and a server (`repartee/transports/browser`): one WebSocket.
 *
 * - A binary frame is audio: PCM16 little-endian mono, at the rates named in `hello`, at most one second long.
 * - A text frame is one JSON object with a `type`, below.
 * - `video` announces a picture: the binary frame right behind it is its bytes. Only where the server accepted it.
 *
 * The page speaks first (`hello`); the server answers `welcome` when it is ready to talk, and audio may flow from there.
 * Positions are whole samples that the page has rendered since `hello`; the silence of an empty buffer does not count.
 * `clear` and `flush` hold their place among the audio frames: what came before a `clear` is never played after it, what
 * comes after it is played from the position that `cleared` tells. So no audio frame needs an epoch of its own.
 */
export const browserProtocolVersion = 1;

/** Limits that both ends enforce on what they receive. */
export const browserLimits = {
  /** Characters of a text frame from the page. */
  pageText: 65_536,
  /** Characters of a text frame from the server. */
  serverText: 1_048_576,
  /** Bytes of an audio frame either way: one second at 48 kHz. */
  audioBytes: 96_000,
  /** Bytes of a picture. */
  pictureBytes: 512_000,
  minSampleRateHz: 8_000,
  maxSampleRateHz: 48_000,
} as const;

export type JsonObject = Record<string, unknown>;

/** What a page may send besides, where the server is of a version that takes it. */
export const pageExtras = ['video', 'dtmf'] as const;
export type PageExtra = (typeof pageExtras)[number];

export type PageMessage =
  /** Once, first. Rates of the audio it will send and wants to get; what else it would send. */
  | {
      type: 'hello';
      version: number;
      inputSampleRateHz: number;
      outputSampleRateHz: number;
      offers?: PageExtra[];
    }
  /**
   * `started`: sound after silence; `position`: at least ten times a second while playing; `finished`: everything
   * before `flush` was played.
   */
  | { type: 'played'; phase: 'started' | 'position'; playedSamples: number }
  | { type: 'played'; phase: 'finished'; playedSamples: number; flush: number }
  /** The answer to `clear`, exact: not one sample more was or will be rendered of what came before it. */
  | { type: 'cleared'; id: number; playedSamples: number }
  | { type: 'data'; message: JsonObject }
  /** A picture of so many bytes is the next frame. */
  | { type: 'video'; mime: Picture['mime']; bytes: number }
  /** A key was pressed. */
  | { type: 'dtmf'; key: DtmfKey }
  /** Sign of life; the server answers `pong` with the same id. */
  | { type: 'ping'; id: number };

export type ServerMessage =
  /** `accepts`: what it takes of what the page offered; absent where nothing was offered. */
  | { type: 'welcome'; version: number; accepts?: PageExtra[] }
  | { type: 'clear'; id: number }
  | { type: 'flush'; id: number }
  | { type: 'data'; message: JsonObject }
  | { type: 'pong'; id: number }
  /** What was wrong with something the page sent. The socket stays open, or closes with a reason right after. */
  | { type: 'error'; code: string; message: string };

/** Reads a text frame from a page; extra fields are ignored. Throws WireError `frame_malformed`, `frame_too_large`, `event_unknown`. */
export function parsePageMessage(text: string): PageMessage {
  const o = jsonObject(text, browserLimits.pageText);
  switch (o.type) {
    case 'hello': {
      const offers = extras(o.offers);
      return {
        type: 'hello',
        version: count(o, 'version'),
        inputSampleRateHz: rate(o, 'inputSampleRateHz'),
        outputSampleRateHz: rate(o, 'outputSampleRateHz'),
        ...(offers === undefined ? {} : { offers }),
      };
    }
    case 'played': {
      const playedSamples = count(o, 'playedSamples');
      if (o.phase === 'finished') {
        return { type: 'played', phase: 'finished', playedSamples, flush: count(o, 'flush') };
      }
      if (o.phase === 'started' || o.phase === 'position') {
        return { type: 'played', phase: o.phase, playedSamples };
      }
      throw malformed(`'phase' must be started, position or finished`);
    }
    case 'cleared':
      return { type: 'cleared', id: count(o, 'id'), playedSamples: count(o, 'playedSamples') };
    case 'data':
      return { type: 'data', message: object(o, 'message') };
    case 'video': {
      const bytes = count(o, 'bytes');
      if (bytes > browserLimits.pictureBytes) {
        throw new WireError(
          'frame_too_large',
          `A picture has ${bytes} bytes; the limit is ${browserLimits.pictureBytes}.`,
        );
      }
      if (o.mime === 'image/jpeg' || o.mime === 'image/png') return { type: 'video', mime: o.mime, bytes };
      throw malformed(`'mime' must be image/jpeg or image/png`);
    }
    case 'dtmf':
      if (isDtmfKey(o.key)) return { type: 'dtmf', key: o.key };
      throw malformed(`'key' must be one of 0 to 9, *, #, A to D`);
    case 'ping':
      return { type: 'ping', id: count(o, 'id') };
    default:
      throw unknownType(o.type);
  }
}

/** Reads a text frame from a server; extra fields are ignored. Throws as `parsePageMessage` does. */
export function parseServerMessage(text: string): ServerMessage {
  const o = jsonObject(text, browserLimits.serverText);
  switch (o.type) {
    case 'welcome': {
      const accepts = extras(o.accepts);
      return {
        type: 'welcome',
        version: count(o, 'version'),
        ...(accepts === undefined ? {} : { accepts }),
      };
    }
    case 'clear':
    case 'flush':
    case 'pong':
      return { type: o.type, id: count(o, 'id') };
    case 'data':
      return { type: 'data', message: object(o, 'message') };
    case 'error':
      return { type: 'error', code: string(o, 'code'), message: string(o, 'message') };
    default:
      throw unknownType(o.type);
  }
}

/** Reads an audio frame into samples of its own. Throws WireError `audio_malformed` or `frame_too_large`. */
export function parsePcmFrame(bytes: Uint8Array): Int16Array<ArrayBuffer> {
  if (bytes.byteLength > browserLimits.audioBytes) {
    throw new WireError(
      'frame_too_large',
      `An audio frame has ${bytes.byteLength} bytes; the limit is ${browserLimits.audioBytes}.`,
    );
  }
  if (bytes.byteLength === 0 || bytes.byteLength % 2 !== 0) {
    throw new WireError(
      'audio_malformed',
      `An audio frame has ${bytes.byteLength} bytes; PCM16 needs an even number above zero.`,
    );
  }
  // The copy aligns the samples and lets go of the network's larger buffer. Every platform we run on is little-endian.
  return new Int16Array(Uint8Array.from(bytes).buffer);
}

/** Extras of later versions are none of ours. */
function extras(value: unknown): PageExtra[] | undefined {
  return Array.isArray(value) ? pageExtras.filter((extra) => value.includes(extra)) : undefined;
}

function jsonObject(text: string, limit: number): JsonObject {
  if (text.length > limit) {
    throw new WireError('frame_too_large', `A message has ${text.length} characters; the limit is ${limit}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new WireError('frame_malformed', 'A text frame is not JSON.', { cause });
  }
  if (!isObject(value)) throw malformed('a message must be a JSON object');
  return value;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function count(o: JsonObject, key: string): number {
  const value = o[key];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw malformed(`'${key}' must be a whole number, zero or more`);
}

function rate(o: JsonObject, key: string): number {
  const value = count(o, key);
  if (value >= browserLimits.minSampleRateHz && value <= browserLimits.maxSampleRateHz) return value;
  throw malformed(
    `'${key}' must be from ${browserLimits.minSampleRateHz} to ${browserLimits.maxSampleRateHz}`,
  );
}

function string(o: JsonObject, key: string): string {
  const value = o[key];
  if (typeof value === 'string') return value;
  throw malformed(`'${key}' must be a string`);
}

function object(o: JsonObject, key: string): JsonObject {
  const value = o[key];
  if (isObject(value)) return value;
  throw malformed(`'${key}' must be an object`);
}

function malformed(what: string): WireError {
  return new WireError('frame_malformed', `A message does not fit the browser protocol: ${what}.`);
}

function unknownType(type: unknown): WireError {
  const shown = typeof type === 'string' ? `'${type.slice(0, 40)}'` : typeof type;
  return new WireError('event_unknown', `The browser protocol has no message of type ${shown}.`);
}
