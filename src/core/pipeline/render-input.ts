import type { PlannedRun } from '../plan/plan.ts';
import type { RepositorySettings } from '../settings/settings.ts';

/** The commit that a run builds, as the event told it. */
export interface Source {
  /** `acme/api` */
  readonly repository: string;
  readonly installationId: number;
  /** What `git fetch` is given; a `file:` URL for a working tree. */
  readonly cloneUrl: string;
  readonly branch: string;
  readonly tag: string;
  readonly pullRequest: number | null;
  /** First line of the commit's message. */
  readonly title: string;
  /** True when a Secret `<run>-git` with a token comes with the run. */
  readonly credentials: boolean;
}

export interface RenderInput {
  readonly run: PlannedRun;
  readonly source: Source;
  /** What the operator settings mean for the repository. */
  readonly settings: RepositorySettings;
  /** Further annotations: what the app keeps on its runs. */
  readonly annotations: Readonly<Record<string, string>>;
}
