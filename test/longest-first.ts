import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take more than a few seconds, the longest first: begun last, one would run on alone. A fresh clone has no cache that
 * knows it. Those that wait (for Chromium, for programs) stand between those that compute.
 */
const long = [
  'policy/rates',
  'agents/changes-',
  'browser/page.test',
  'e2e/dialogues',
  'e2e/troubles',
  'speech/embedded/stt',
  'browser/gallery',
  'faults/conversations',
  'e2e/restart',
  'browser/unbundled',
  'random-calls',
  'examples/',
  'faults/judge',
  'embedded/tts',
  'capture/phone-numbers',
  'mouth/random-speech',
  'faults/long-session',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const place = long.findIndex((name) => moduleId.includes(name));
      return place < 0 ? long.length : place;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
