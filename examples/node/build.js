import { cpSync, mkdirSync, writeFileSync } from 'node:fs';

mkdirSync('dist', { recursive: true });
cpSync('src', 'dist', { recursive: true });
writeFileSync('dist/version.txt', `${process.env.COMMIT ?? 'unknown'}\n`);
console.log('built dist/');
