/**
 * Joins what is asked for twice at the same time: while the work for a key is under way, the same promise is given
 * again. Nothing is remembered afterwards.
 */
export function createOnceEach<Result>(): (key: string, work: () => Promise<Result>) => Promise<Result> {
  const underWay = new Map<string, Promise<Result>>();
  return (key, work) => {
    const known = underWay.get(key);
    if (known !== undefined) return known;
    const started = work().finally(() => underWay.delete(key));
    underWay.set(key, started);
    return started;
  };
}

/** Runs works of the same key one after the other, those of different keys side by side. */
export type InTurn = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

export function createInTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const started = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, started);
    const forget = () => {
      if (last.get(key) === started) last.delete(key);
    };
    started.then(forget, forget);
    return started;
  };
}
