import { describe, expect, test } from '@jest/globals';
import { TOOLCHAIN_NAMES, type ToolchainName } from '../../../src/core/config/config.ts';
import { newestLine, RELEASES } from '../../../src/core/config/releases.ts';
import { chooseVersion } from '../../../src/core/config/toolchain/choose-version.ts';
import { wantedVersion } from '../../../src/core/config/toolchain/wanted-version.ts';

describe('release lines', () => {
  test.each(TOOLCHAIN_NAMES)('Every channel and the preferred line of %s are known lines', (name) => {
    const { lines, preferred, channels } = RELEASES[name];

    expect(lines).toContain(preferred);
    for (const line of Object.values(channels)) expect(lines).toContain(line);
  });

  test.each<[ToolchainName, string, string | undefined]>([
    ['node', '>=18', '26'],
    ['node', '^20', '20'],
    ['node', '>=20 <25', '24'],
    ['node', '20.x || 22.x', '22'],
    ['node', '*', '26'],
    ['node', '<24.2', '22'],
    ['node', '~24.2.0', '24.2'],
    ['node', '>=24.2.0 <24.2.5', '24.2.0'],
    ['node', '^16', undefined],
    ['node', '~16.2.0', undefined],
    ['node', 'nonsense', undefined],
    ['go', '>=1.24', '1.26'],
    ['go', '~1.25', '1.25'],
    ['python', '>=3.11 <3.13', '3.12'],
    ['java', '>=17', '25'],
    ['rust', '>=1.80', '1'],
  ])('%s %s is %s', (name, range, line) => {
    expect(newestLine([range], RELEASES[name])).toBe(line);
  });
});

describe('versions that files ask for', () => {
  test.each<[ToolchainName, Record<string, string>, string]>([
    ['go', { 'go.mod': 'module x\ngo 1.25.1 // comment\n' }, '1.25.1'],
    ['go', { 'go.mod': 'module x\r\n\r\ngo 1.25\r\n' }, '1.25'],
    ['go', { 'go.mod': 'module x\ngo 1.26rc1\n' }, '1.26rc1'],
    ['go', { 'go.mod': 'module x\ngo 1.24\ntoolchain default\n' }, '1.24'],
    ['go', { 'go.mod': '// go 1.20\nmodule x\nrequire go 1.21\n' }, '1.26'],
    ['node', { '.nvmrc': '# comment\nv20.1.0\n', '.node-version': '22' }, '20.1.0'],
    ['node', { '.nvmrc': '\n', '.node-version': '22' }, '22'],
    ['node', { '.nvmrc': 'node' }, '26'],
    ['node', { '.nvmrc': 'lts/*' }, '24'],
    ['node', { 'package.json': '{ "engines": { "node": 24 } }' }, '24'],
    ['node', { 'package.json': '\uFEFF{ "engines": { "node": ">= 20" } }' }, '26'],
    ['node', { 'package.json': '{ "engines": "x", "scripts": [] }' }, '24'],
    ['python', { '.python-version': '3.13\n3.12\n' }, '3.13'],
    ['python', { 'pyproject.toml': '[project]\nrequires-python = ">=3.10, !=3.14.*"\n' }, '3.13'],
    ['python', { 'pyproject.toml': '[project]\nrequires-python = "==3.12.*"\n' }, '3.12'],
    ['python', { 'pyproject.toml': '[project]\nrequires-python = "==3.12.4"\n' }, '3.12.4'],
    ['python', { 'pyproject.toml': '[project]\nrequires-python = "~=3.11.2"\n' }, '3.11'],
    ['python', { 'pyproject.toml': '[project]\nrequires-python = ">=3.11,!=3.14.1"\n' }, '3.14'],
    ['java', { '.java-version': '1.8.0_402' }, '8'],
    ['java', { '.java-version': 'openjdk64-11.0.2' }, '11'],
    ['java', { 'build.gradle': '// JavaLanguageVersion.of(8)\nx = JavaLanguageVersion.of(17)\n' }, '17'],
    ['java', { 'build.gradle.kts': 'kotlin { jvmToolchain(21) }' }, '21'],
    [
      'java',
      { 'pom.xml': '<project><properties><java.version>99</java.version></properties></project>' },
      '99',
    ],
    [
      'java',
      {
        'pom.xml':
          '<!DOCTYPE x [<!ENTITY a "21">]><project><properties><java.version>&a;</java.version></properties></project>',
      },
      '25',
    ],
    ['rust', { 'rust-toolchain': '1.85.0\n' }, '1.85.0'],
    ['rust', { 'rust-toolchain': '[toolchain]\nchannel = "1.84"\n' }, '1.84'],
    [
      'rust',
      { 'rust-toolchain.toml': '[toolchain]\nchannel = "1.85.0-x86_64-unknown-linux-gnu"\n' },
      '1.85.0',
    ],
    ['rust', { 'Cargo.toml': '[workspace.package]\nrust-version = "1.80"\n' }, '1.80'],
    ['rust', { 'Cargo.toml': '[package]\nrust-version.workspace = true\n' }, '1'],
  ])('%s with %j is %s', (name, text, version) => {
    const wanted = wantedVersion(name, { entries: Object.keys(text), text });

    expect(wanted.ok && chooseVersion(name, wanted.value)).toMatchObject({ ok: true, value: { version } });
  });

  test.each<[ToolchainName, Record<string, string>, string]>([
    ['python', { '.python-version': 'pypy3.10' }, 'no-release'],
    ['python', { 'pyproject.toml': '[project]\nrequires-python = ">=3.8,<3.10"\n' }, 'no-release'],
    ['python', { 'pyproject.toml': 'a = \n' }, 'bad-toolchain-file'],
    ['node', { 'package.json': 'null' }, 'bad-toolchain-file'],
    ['node', { '.nvmrc': '$(id)' }, 'no-release'],
    ['rust', { 'rust-toolchain': 'my-own' }, 'no-release'],
    ['rust', { 'Cargo.toml': '[' }, 'bad-toolchain-file'],
  ])('%s with %j is refused: %s', (name, text, code) => {
    const wanted = wantedVersion(name, { entries: Object.keys(text), text });
    const chosen = wanted.ok ? chooseVersion(name, wanted.value) : wanted;

    expect(chosen).toMatchObject({ ok: false, refusal: { code } });
  });
});
