/** How the tests of a package go on. */
export interface GoProgress {
  /** `turn`: what follows is this test's, or no test's. */
  readonly how: 'turn' | 'failed' | 'done';
  readonly test: string | null;
  readonly isIndented: boolean;
}

/** `    --- FAIL: TestRouter/empty (0.00s)` */
const RESULT = /^(?<indent> *)--- (?<result>FAIL|PASS|SKIP): (?<name>\S{1,1000}) \(\d{1,9}\.\d{1,3}s\)$/;
/** `=== RUN   TestRouter/empty` */
const TURN = /^=== (?<turn>RUN|CONT|NAME|PAUSE) {1,3}(?<name>\S{1,1000})$/;

/** Null when a line is printed by a test, or by something else. */
export function readGoProgress(text: string): GoProgress | null {
  if (text === 'FAIL' || text === 'PASS') return { how: 'turn', test: null, isIndented: false };
  if (text.startsWith('=== ')) return readTurn(text);
  const found = text.includes('--- ') ? RESULT.exec(text)?.groups : undefined;
  if (found?.name === undefined) return null;
  return {
    how: found.result === 'FAIL' ? 'failed' : 'done',
    test: found.name,
    isIndented: found.indent !== '',
  };
}

function readTurn(text: string): GoProgress | null {
  const found = TURN.exec(text)?.groups;
  if (found?.name === undefined) return null;
  return { how: 'turn', test: found.turn === 'PAUSE' ? null : found.name, isIndented: false };
}
