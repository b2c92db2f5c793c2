// Parsed by Nodes that are too old: nothing here may be newer than import statements.
var wanted = 20;
var version = process.versions.node;
if (Number(version.split('.')[0]) < wanted) {
  console.error(
    'Repartee needs Node ' +
      wanted +
      ' or newer and this is Node ' +
      version +
      ': install a newer one from https://nodejs.org (or with "nvm install ' +
      wanted +
      '") and try again.',
  );
  process.exit(1);
}
