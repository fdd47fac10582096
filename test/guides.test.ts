import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { parseConfig } from '../src/core/config/parse-config.ts';
import { parseSettings } from '../src/core/settings/parse-settings.ts';
import { describeChart, render } from './chart/helm.ts';

const INSTALL = readFileSync('docs/guide/install.md', 'utf8');
const SEED = readFileSync('docs/guide/seed.md', 'utf8');

interface App {
  readonly default_permissions: Readonly<Record<string, string>>;
  readonly default_events: readonly string[];
}

describe('docs/guide/install.md', () => {
  const app = load(readFileSync('app.yml', 'utf8')) as App;
  const permissions = Object.entries(app.default_permissions);

  test('has a form of GitHub with the permissions and events of app.yml', () => {
    const [address = ''] = /https:\/\/github\.com\/settings\/apps\/new\?\S+/.exec(INSTALL) ?? [];
    const { searchParams } = new URL(address);

    expect([...searchParams]).toEqual(expect.arrayContaining(permissions));
    expect(searchParams.getAll('events[]')).toEqual(app.default_events);
  });

  test('lists the permissions and events of app.yml', () => {
    const rows = [...INSTALL.matchAll(/^ *\| .+ \(`([a-z_]+)`\) \| (Read-only|Read and write) \|/gm)];
    const [, events = ''] = /^ *Subscribed events: (.+)\.$/m.exec(INSTALL) ?? [];

    expect(rows.map(([, name, access]) => [name, access === 'Read-only' ? 'read' : 'write'])).toEqual(
      permissions,
    );
    expect(events.split(', ').map((event) => event.replaceAll(' ', '_'))).toEqual(app.default_events);
  });

  test('has configs that are right', () => {
    expect(blocks(INSTALL, 'config')).toHaveLength(1);
    for (const text of blocks(INSTALL, 'config')) expect(parseConfig(text)).toMatchObject({ ok: true });
  });

  describeChart('for the chart', () => {
    test('has values that it takes, one by one and together', async () => {
      const [first = '', ...others] = blocks(INSTALL, 'values');

      expect(others).toHaveLength(1);
      for (const text of [first, first + others.join('')]) {
        expect((await render(text)).map(({ kind }) => kind)).toContain('Deployment');
      }
    });
  });
});

describe('docs/guide/seed.md', () => {
  test('has a config and settings that are right', () => {
    const [config = '', ...configs] = blocks(SEED, 'config');
    const [settings = '', ...others] = blocks(SEED, 'settings');

    expect([...configs, ...others]).toEqual([]);
    expect(parseConfig(config)).toMatchObject({ ok: true });
    expect(parseSettings(settings)).toMatchObject({ ok: true });
  });
});

/** The page's YAML blocks of that kind. */
function blocks(page: string, kind: string): string[] {
  const fence = new RegExp(`^ *\`\`\`yaml ${kind}\\n([\\s\\S]*?)^ *\`\`\`$`, 'gm');
  return [...page.matchAll(fence)].map(([, text = '']) => text);
}
