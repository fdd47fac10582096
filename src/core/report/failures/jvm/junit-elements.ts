import type { XmlAttributes, XmlReader } from '../../../read-xml.ts';

/** As they were written. */
export interface JunitFailure {
  readonly message: string;
  text: string;
}

/** A test that failed, with the attributes of its element and of the suite that it is in. */
export interface FailedTest {
  readonly attributes: XmlAttributes;
  readonly suite: XmlAttributes;
  /** Of each failure and error. */
  readonly failures: JunitFailure[];
  /** The line of the report where it begins. */
  readonly line: number;
}

/** What an element of a report stands for; others are passed over, with what is in them. */
type Meaning =
  | { readonly is: 'suite'; readonly suite: XmlAttributes }
  | { readonly is: 'test'; readonly test: FailedTest }
  | { readonly is: 'failure'; readonly failure: JunitFailure }
  | { readonly is: 'other' };

interface Element {
  readonly name: string;
  readonly attributes: XmlAttributes;
  readonly line: number;
}

const OTHER: Meaning = { is: 'other' };

/** Takes in a report: suites, which may be in suites, tests in them, and in those failures. */
export interface JunitElements extends XmlReader {
  /** In the order of the report. */
  readonly failed: readonly FailedTest[];
  /** Whether it is a report. */
  hasSuites(): boolean;
}

export function createJunitElements(): JunitElements {
  const failed: FailedTest[] = [];
  const within: Meaning[] = [];
  let hasSuites = false;
  const meaningOf = (element: Element): Meaning => {
    const around = within.at(-1);
    if (around === undefined) {
      hasSuites = element.name === 'testsuites' || element.name === 'testsuite';
      return hasSuites ? { is: 'suite', suite: element.attributes } : OTHER;
    }
    if (around.is === 'suite') return inSuite(element, around.suite);
    return around.is === 'test' ? inTest(element, around.test, failed) : OTHER;
  };
  return {
    failed,
    hasSuites: () => hasSuites,
    open: (name, attributes, line) => void within.push(meaningOf({ name, attributes, line })),
    text(text) {
      const around = within.at(-1);
      if (around?.is === 'failure') around.failure.text += text;
    },
    close: () => void within.pop(),
  };
}

function inSuite({ name, attributes, line }: Element, suite: XmlAttributes): Meaning {
  if (name === 'testcase') return { is: 'test', test: { attributes, suite, failures: [], line } };
  if (name !== 'testsuite') return OTHER;
  // Suites without a name only group.
  return { is: 'suite', suite: attributes.name ? attributes : { ...attributes, name: suite.name ?? '' } };
}

function inTest({ name, attributes }: Element, test: FailedTest, failed: FailedTest[]): Meaning {
  if (name !== 'failure' && name !== 'error') return OTHER;
  const failure = { message: attributes.message ?? '', text: '' };
  if (test.failures.push(failure) === 1) failed.push(test);
  return { is: 'failure', failure };
}
