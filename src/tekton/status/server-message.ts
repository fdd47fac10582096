/** What a server said, without the words that Tekton puts around it, and its escapes. */
export function serverMessage(message: string): string {
  for (const frame of FRAMES) {
    const inner = frame.exec(message)?.[1];
    if (inner !== undefined) return inner.replace(/\\(["\\])/g, '$1');
  }
  return message;
}

/** They name what Kubernetes says in other words, in the reason. */
const FRAMES = [
  /^pod status "\w+":"False"; message: "(.*)"$/s,
  /^build step "[^"]*" is pending with reason "(.*)"$/s,
  /The pod errored with the message: "(.*)\."$/s,
  /^TaskRun Pod exceeded available resources: (.*)$/s,
  /^\[User error\] (.*)$/s,
];
