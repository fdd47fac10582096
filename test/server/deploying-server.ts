/**
 * The real server on a machine that may deploy: stages that the product leaves to containers are commands like any other
 * here, so that tests see deploys wait for each other.
 */
import { createHostRuntime } from '../../src/local/host-runtime.ts';
import { startServer } from '../../src/server.ts';

const host = createHostRuntime({ path: process.env.PATH ?? '' });
const server = await startServer(process.env, { runtime: { ...host, refuse: () => null } });
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
