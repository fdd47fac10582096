/** What a person asks of us in a comment. */
export type Command =
  /** Null: every project that is not green. */
  | { readonly kind: 'retest'; readonly project: string | null }
  | { readonly kind: 'cancel' }
  /** 40 lower-case hex digits. */
  | { readonly kind: 'approve'; readonly sha: string }
  | { readonly kind: 'deploy'; readonly to: string }
  | { readonly kind: 'why' }
  | { readonly kind: 'help' }
  /** Not understood; `advice` says why, or what was meant. */
  | { readonly kind: 'unclear'; readonly advice: string };

export const COMMAND_NAMES = ['retest', 'cancel', 'approve', 'deploy', 'why', 'help'] as const;
