import { expect, test } from 'vitest';
import { InputPath } from '../../../src/agent/ears/input-path.js';
import { SttLane } from '../../../src/agent/ears/stt-lane.js';
import { TtsVoice } from '../../../src/agent/mouth/tts-voice.js';
import type { STT, SttEvent, TTS } from '../../../src/speech/contracts.js';
import { FakeClock } from '../../../src/testing/index.js';

const nothing = async () => {};

test('a voice beside the model: the characters that it was given, once, however it ends', () => {
  const tts: TTS = {
    name: 'voice',
    sampleRateHz: 24_000,
    voices: [],
    warmUp: nothing,
    close: nothing,
    stream: () => ({ push() {}, finish() {}, onEvent() {}, close() {} }),
  };
  const used: number[] = [];
  const events = { audio() {}, words() {}, over() {}, used: (characters: number) => used.push(characters) };
  const voice = new TtsVoice(tts, new FakeClock(), events);
  voice.push('Good day, ');
  voice.push('naïve 👋');
  voice.close();
  voice.close();
  expect(used).toEqual([17]);
  new TtsVoice(tts, new FakeClock(), events).close();
  expect(used).toHaveLength(1);
});

test('a recogniser beside the model: the audio of each utterance, also of what was no turn', () => {
  let tell: (event: SttEvent) => void = () => {};
  const stt: STT = {
    name: 'ears',
    sampleRateHz: 16_000,
    warmUp: nothing,
    close: nothing,
    stream: () => ({
      push() {},
      flush() {},
      discard() {},
      close() {},
      onEvent(listener) {
        tell = listener;
      },
    }),
  };
  const used: number[] = [];
  const path = new InputPath(() => {});
  path.begin(16_000);
  const lane = new SttLane(
    stt,
    path,
    new FakeClock(),
    { timeoutMs: 1_000 },
    {
      interim() {},
      final() {},
      opening() {},
      failed() {},
      used: (ms) => used.push(ms),
    },
  );
  const speak = (ms: number) => path.frame(new Int16Array(ms * 16));
  speak(500);
  lane.open('t1', 500);
  speak(800);
  lane.flush();
  lane.open('t2', 1_300);
  speak(200);
  lane.discard();
  speak(100);
  lane.close();
  tell({ t: 'final', text: '', words: [] });
  expect(used).toEqual([800, 200]);
});
