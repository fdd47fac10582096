import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

// Node 22 warns of its type stripping at every start; nothing else is kept back.
const [printWarning] = process.listeners('warning');
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') printWarning?.call(process, warning);
});

enableCompileCache();

// A checkout runs its sources; the published package has only what was compiled from them.
const source = new URL('../src/bin.ts', import.meta.url);
await import(existsSync(source) ? source.href : new URL('../dist/bin.js', import.meta.url).href);
