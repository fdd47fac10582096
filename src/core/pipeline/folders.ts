/** Segments of a path inside a claim that no name can leave: `acme/api` → `acme/api`, `../x` → `x/x`. */
export function claimFolder(...names: readonly string[]): string {
  return names
    .flatMap((name) => name.split('/'))
    .map((segment) => segment.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^\.+$/, 'x'))
    .map((segment) => (segment === '' ? 'x' : segment))
    .join('/');
}

/** A path below a folder; `.` is the folder itself. */
export function below(folder: string, ...paths: readonly string[]): string {
  return [folder, ...paths.filter((path) => path !== '.')].join('/');
}
