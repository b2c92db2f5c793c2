import { judgeDialogues } from './dialogue-judge.js';
import { callScripts } from './dialogue-lines.js';

/** One that gives its particulars one by one, one that needs every tool. All ten are in test/long. */
const few = callScripts.filter(({ name }) =>
  ['asked one by one', 'nothing to cancel, so a new one'].includes(name),
);

judgeDialogues('two dialogues, spoken by flite', few, { words: 90, report: 'e2e-dialogues-few.json' });
