import { judgeDialogues } from '../../e2e/dialogue-judge.js';
import { callScripts } from '../../e2e/dialogue-lines.js';

judgeDialogues('ten dialogues, spoken by flite', callScripts, {
  // A Scottish voice for a recogniser of American English.
  beside: ['awb'],
  words: 400,
  report: 'e2e-dialogues.json',
});
