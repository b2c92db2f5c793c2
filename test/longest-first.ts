import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take tens of seconds: begun last, they would run on alone. A fresh clone has no cache that knows it. */
const long = ['dialogues', 'embedded/stt', 'random-', 'faults/'];

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
