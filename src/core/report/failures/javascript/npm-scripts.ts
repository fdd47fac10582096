/** Commands that run a package's script, which may run any of the JavaScript tools: a part of a regular expression. */
export const NPM_SCRIPTS =
  '\\b(?:npm|pnpm|yarn|bun) (?:-{1,2}\\S{1,100} ){0,3}(?:run|run-script|test|t|tst|exec|[a-z]+:[a-z:]+|lint|build|check|typecheck)\\b';
