// npm start: builds if need be, then runs the example agent with the given arguments, in this process, so that signals
// and the exit code are its own. No syntax here that an old Node cannot parse: it must get as far as the sentence.
import './lib/require-node.mjs';

import('./lib/start-clinic.mjs').catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
