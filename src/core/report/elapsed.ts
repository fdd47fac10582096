/** The time between two moments as people say it: `0.4 s`, `12 s`, `3 min 5 s`, `1 h 2 min`. */
export function elapsed(from: Date, to: Date): string {
  return elapsedSeconds(Math.max(0, to.getTime() - from.getTime()) / 1000);
}

/** The same of so many seconds. */
export function elapsedSeconds(seconds: number): string {
  // 9.96 would read `10.0 s`.
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
