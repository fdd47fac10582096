#!/usr/bin/env node
// Plain enough for any Node since 10 to read as a script or as a module, so that an old one gets the sentence below
// instead of a syntax error.
const needed = [22, 19];
const found = process.versions.node.split('.').map(Number);

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  process.stderr.write(
    'tekton-ci needs Node ' +
      needed.join('.') +
      ' or newer, and this is Node ' +
      process.versions.node +
      ' (' +
      process.execPath +
      '): install the current LTS release from https://nodejs.org, or with your version manager ("nvm install --lts").\n',
  );
  process.exitCode = 1;
} else {
  void import('./start.js');
}
