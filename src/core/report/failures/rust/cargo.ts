import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import { createRustDiagnostics } from './rust-diagnostics.ts';
import { createRustOutput, type RustOutput } from './rust-output.ts';
import { createRustTests } from './rust-tests.ts';

/**
 * Tests, builds, clippy and downloads.
 *
 * @see https://doc.rust-lang.org/cargo/commands/cargo-test.html
 */
export const cargo: FailureParser = {
  name: 'cargo',
  commands: /\bcargo\b|\brustc\b/,
  start,
};

/** What only cargo, rustc and their tests say: a mere `error: ` may be any program's. */
const OWN_WORDS =
  /^ {2,12}(?:Compiling|Checking|Updating|Downloading|Downloaded|Locking|Finished|Running|Blocking|Doc-tests) |^ {0,6}--> |^error\[E\d{4}\]|^running \d{1,6} tests?$|^thread '/;

function start(command: string): Reading {
  let isOurs = cargo.commands.test(command);
  const findings = collectFindings();
  const tests = createRustTests(findings);
  const diagnostics = createRustDiagnostics(findings);
  let panic: { readonly output: RustOutput; readonly line: number } | null = null;
  let isPanicking = false;
  return {
    line(text, number) {
      isOurs ||= OWN_WORDS.test(text);
      if (tests.line(text, number)) return;
      diagnostics.line(text, number);
      if (text.startsWith("thread '") && text.includes("' ") && text.includes('panicked at ')) {
        panic = { output: createRustOutput(), line: number };
        isPanicking = true;
      }
      isPanicking &&= text !== '';
      if (isPanicking) panic?.output.say(text);
    },
    end() {
      if (!isOurs) return [];
      tests.end();
      diagnostics.end();
      // A program that was run; what compiled it went well.
      if (panic !== null && findings.all().every(({ level }) => level === 'warning')) {
        const [name = '', ...more] = panic.output.message().split('\n');
        findings.add({
          kind: 'command',
          name,
          message: more.join('\n'),
          place: panic.output.place(),
          line: panic.line,
        });
      }
      return findings.all();
    },
  };
}
