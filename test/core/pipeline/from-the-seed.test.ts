import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/core/config/parse-config.ts';
import { parseSettings } from '../../../src/core/settings/parse-settings.ts';

const PAGE = readFileSync(new URL('../../../docs/reference/from-the-seed.md', import.meta.url), 'utf8');

function blocks(language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...PAGE.matchAll(fence)].map(([, text = '']) => text);
}

/** Everything that somebody could set in the original's tasks. */
const PARAMETERS = `
url revision refspec submodules depth sslVerify subdirectory deleteExisting httpProxy httpsProxy noProxy verbose gitInitImage
package packages version flags GOOS GOARCH GO111MODULE GOPROXY GOMODCACHE CGO_ENABLED
IMAGE DOCKERFILE CONTEXT EXTRA_ARGS BUILDER_IMAGE
image commands
PATH_CONTEXT ARGS NPM_CACHE NPM_REGISTRY
context GOCACHE GOLANGCI_LINT_CACHE
SONAR_HOST_URL SONAR_PROJECT_KEY PROJECT_VERSION SOURCE_TO_SCAN SONAR_ORGANIZATION SONAR_SCANNER_IMAGE sonar-settings sonar-credentials
APP_IMAGE SOURCE_SUBPATH ENV_VARS PROCESS_TYPE RUN_IMAGE CACHE_IMAGE SKIP_RESTORE USER_ID GROUP_ID PLATFORM_DIR APP_IMAGE_DIGEST
builder_image dockerfile build_extra_args push_extra_args insecure_registry
commit IMAGE-DIGEST
output source dockerconfig kubeconfig shared-workspace
gitrevision gitrepositoryurl secretToken
`
  .trim()
  .split(/\s+/);

describe('docs/reference/from-the-seed.md', () => {
  test.each(PARAMETERS)('has a place for %s', (parameter) => {
    expect(PAGE).toContain(`\`${parameter}\``);
  });

  test('has the two services and the original commands as configs that are right', () => {
    expect(blocks('yaml')).toHaveLength(3);
    for (const text of blocks('yaml')) expect(parseConfig(text)).toMatchObject({ ok: true });
  });

  test('has operator settings that are right', () => {
    expect(blocks('yaml settings')).toHaveLength(1);
    for (const text of blocks('yaml settings')) expect(parseSettings(text)).toMatchObject({ ok: true });
  });

  test('names settings that exist', () => {
    const settings = readFileSync(new URL('../../../docs/reference/settings.md', import.meta.url), 'utf8');
    const named = [...PAGE.matchAll(/settings? `([a-z]+)(?:\.[A-Za-z]+)?`/g)].map(([, key = '']) => key);

    expect(named.length).toBeGreaterThan(10);
    for (const key of named) expect(settings).toContain(`\`${key}`);
  });
});
