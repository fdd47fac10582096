/** What the API server and its clients wrap their words in: they tell how it came, not what is wrong. */
const WRAPPED =
  /^(?:error when (?:creating|applying patch|retrieving|replacing|deleting|patching) "[^"]{1,400}": |query: failed to query with labels: |create: failed to create: |unable to build kubernetes objects from (?:release manifest|current release manifest|new release manifest): |error validating "[^"]{0,400}": |error validating data: |resource mapping not found for name: "[^"]{0,253}" namespace: "[^"]{0,253}" from "[^"]{0,400}": |from server for: "[^"]{1,400}": |patch: Invalid value: "map\[.{1,3900}\]": )/;
const SEVERAL = /^(?<what>[A-Za-z.]{1,200} "[^"]{1,253}" is invalid): \[/;
const ADVICE = /; if you choose to ignore these errors, turn validation off with --validate=false$/;

/** The words that count of what Kubernetes says, short. */
export function nameKubernetesError(text: string): string {
  let name = text.replace(ADVICE, '');
  while (WRAPPED.test(name)) name = name.replace(WRAPPED, '');
  return SEVERAL.exec(name)?.groups?.what ?? name;
}
