/** A greeting for a name; a stranger without one. */
export function greet(name) {
  return `Hello, ${name?.trim() || 'stranger'}!`;
}
