/** Answers about logs, shared by all who ask for the same of the same log: whoever follows a run asks at the same moment. */
export interface LogAnswers<Answer> {
  /**
   * @param key of what is asked, and of which log
   * @param bytes how long the log is known to be; null when nobody knows: then nothing is shared
   */
  shared(key: string, bytes: number | null, answer: () => Promise<Answer>): Promise<Answer>;
}

/** @param mostKept how many answers may be kept; the newest ones are */
export function createLogAnswers<Answer>(mostKept: number): LogAnswers<Answer> {
  const kept = new Map<string, { readonly bytes: number; readonly found: Promise<Answer> }>();
  return {
    async shared(key, bytes, answer) {
      const known = kept.get(key);
      // An answer that was begun when the log was as long has all that is known of it.
      if (known !== undefined && known.bytes === bytes) return known.found;
      const found = answer();
      if (bytes === null) return found;
      const entry = { bytes, found };
      kept.delete(key);
      kept.set(key, entry);
      const [oldest] = kept.size > mostKept ? kept.keys() : [];
      if (oldest !== undefined) kept.delete(oldest);
      found.catch(() => {
        if (kept.get(key) === entry) kept.delete(key);
      });
      return found;
    },
  };
}
