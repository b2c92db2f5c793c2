// npm start: builds if need be, then runs the example agent with the given arguments, in this process, so that signals
// and the exit code are its own. No syntax here that an old Node cannot parse: it must get as far as the sentence.
import './lib/require-node.mjs';

import('./lib/start-clinic.mjs').catch((error) => {
  // What the user can mend needs no stack.
  console.error(error && error.name === 'ConfigError' ? error.message : error);
  process.exitCode = 1;
});
