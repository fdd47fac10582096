/** What payloads of GitHub have in common, reduced to what is read of them. */
export const HEAD = 'a'.repeat(40);
export const BEFORE = 'b'.repeat(40);
export const APP_ID = 3;

export const COMMON = {
  repository: {
    id: 42,
    name: 'api',
    owner: { login: 'acme' },
    default_branch: 'main',
    clone_url: 'https://github.com/acme/api.git',
    html_url: 'https://github.com/acme/api',
  },
  installation: { id: 77 },
  sender: { id: 5, login: 'mona', type: 'User' },
};

/** The same, read. */
export const READ = {
  deliveryId: 'guid-1',
  repository: {
    installationId: 77,
    id: 42,
    owner: 'acme',
    name: 'api',
    defaultBranch: 'main',
    cloneUrl: 'https://github.com/acme/api.git',
    htmlUrl: 'https://github.com/acme/api',
  },
  sender: { id: 5, login: 'mona', bot: false },
};
