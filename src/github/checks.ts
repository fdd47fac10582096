import { z } from 'zod';
import type { Checks, ExistingCheck } from '../app/github-ports.ts';
import { furtherAnnotationBodies, identityBody, stateBody } from './check-body.ts';
import type { GitHubClients } from './clients.ts';
import { readAnswer } from './read-answer.ts';

const CREATE = 'POST /repos/{owner}/{repo}/check-runs';
const UPDATE = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}';
const LIST = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs';

const PAGE = 100;

const created = z.object({ id: z.number().int().positive() });

const page = z.object({
  check_runs: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      external_id: z.string().nullable(),
      status: z.string(),
      conclusion: z.string().nullable(),
    }),
  ),
});

/**
 * Check runs. Annotations are appended by GitHub with every request and can never be taken back: give them with one
 * call only, the last. More than 50 take a further request for each 50.
 */
export function createChecks(clients: GitHubClients): Checks {
  return {
    async create(repository, check) {
      const octokit = clients.installation(repository.installationId);
      const at = { owner: repository.owner, repo: repository.name };
      const { data } = await octokit.request(CREATE, { ...at, ...identityBody(check), ...stateBody(check) });
      const { id } = readAnswer(created, data, CREATE);
      for (const body of furtherAnnotationBodies(check)) {
        await octokit.request(UPDATE, { ...at, check_run_id: id, ...body });
      }
      return id;
    },

    async update(repository, id, check) {
      const octokit = clients.installation(repository.installationId);
      const at = { owner: repository.owner, repo: repository.name, check_run_id: id };
      for (const body of [stateBody(check), ...furtherAnnotationBodies(check)]) {
        await octokit.request(UPDATE, { ...at, ...body });
      }
    },

    async list(repository, sha, name) {
      const octokit = clients.installation(repository.installationId);
      const at = {
        owner: repository.owner,
        repo: repository.name,
        ref: sha,
        ...(name && { check_name: name }),
      };
      const found = new Map<number, ExistingCheck>();
      for (let number = 1, last = false; !last; number++) {
        const filter = { app_id: clients.appId, filter: 'all', per_page: PAGE, page: number } as const;
        const { data } = await octokit.request(LIST, { ...at, ...filter });
        const { check_runs } = readAnswer(page, data, LIST);
        for (const { external_id, ...check } of check_runs) {
          // A check made meanwhile pushes another onto the next page, where it comes again.
          found.set(check.id, { ...check, externalId: external_id ?? '' });
        }
        last = check_runs.length < PAGE;
      }
      return [...found.values()];
    },
  };
}
