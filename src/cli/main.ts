#!/usr/bin/env node
// Nothing here may be newer than what an old Node can parse: it must get as far as the sentence.
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`Repartee needs Node 20 or newer and this is Node ${process.versions.node}.`);
  process.exitCode = 1;
} else {
  import('./run.js').then((cli) =>
    cli.run(process.argv.slice(2)).then((code) => {
      process.exitCode = code;
    }),
  );
}

export {};
