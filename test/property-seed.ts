import fc from 'fast-check';

/**
 * The same generated cases every time, so that a change is judged by what it changed. `PROPERTY_SEED=random` looks for new
 * ones, and a number repeats those that failed.
 */
const wanted = process.env.PROPERTY_SEED ?? '20261123';

if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
