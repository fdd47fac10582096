/** Which of several servers does what only one may do at a time. */
export interface Leadership {
  /**
   * Has `work` done whenever this server leads, with a signal that ends when it does not any more; never twice at once. Resolves by the
   * signal, once the work has ended.
   */
  lead(signal: AbortSignal, work: (leading: AbortSignal) => Promise<void>): Promise<void>;
}

/** Of a server that is alone: it always leads. */
export const SOLE_LEADERSHIP: Leadership = { lead: (signal, work) => work(signal) };
