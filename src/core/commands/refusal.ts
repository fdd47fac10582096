/** A polite no. `what` is a command of ours. */
export function refusal(what: string, needed: string): string {
  return `Sorry, \`${what}\` needs ${needed} to this repository.`;
}
