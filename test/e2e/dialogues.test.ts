import { judgeDialogues } from './dialogue-judge.js';
import { callScripts } from './dialogue-lines.js';

/** Short ones that together need the tools that change something. All ten are in test/long. */
const few = callScripts.filter(({ name }) =>
  ['what is free, then that', 'booked and cancelled'].includes(name),
);

judgeDialogues('two dialogues, spoken by flite', few, { words: 80, report: 'e2e-dialogues-few.json' });
