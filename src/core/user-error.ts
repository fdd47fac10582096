/** Something that the user, maintainer or operator can mend; its message says how. Everything else is a bug or an outage. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  /** Stable, kebab-case. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
