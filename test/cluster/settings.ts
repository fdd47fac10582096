import { readFileSync } from 'node:fs';
import { env } from 'node:process';
import { load } from 'js-yaml';
import { z } from 'zod';
import { loadKubeConfig } from '../../src/tekton/kube-config.ts';

/** What these tests cannot find out by themselves about a cluster. */
const Settings = z.strictObject({
  /** Of this machine, as the cluster's pods reach it. */
  address: z.string(),
  /** Host and port that kaniko pushes to and nodes pull from, without credentials. */
  registry: z.string(),
  /** As in the operator settings. */
  images: z.record(z.string(), z.string()),
  /** An image with a shell, git, grep and curl. */
  shell: z.string(),
  /** What kaniko builds the examples from, each with a shell, that of Go with what Alpine has; and the product's own image: Node 22.19 or newer, npm, and a way to its packages. */
  bases: z.strictObject({ go: z.string(), node: z.string(), app: z.string().optional() }),
  /** Flags of kaniko, as in the operator settings. */
  kaniko: z.array(z.string()).default([]),
  /** Folder of the only node, for claims; without it the default storage class makes them. */
  hostPath: z.string().optional(),
});

export type ClusterSettings = z.infer<typeof Settings>;

/** File in the folder of a server, below `TEST_CLUSTER_DATA`, with its process id: for when its test cannot stop it. */
export const SERVER_PID = 'server.pid';

/** Why these tests cannot run; null when they can. */
export function whatIsMissing(): string | null {
  if (env.KUBECONFIG === undefined)
    return 'KUBECONFIG does not say which cluster: these tests make and remove namespaces, and guess none';
  if (env.TEST_CLUSTER_SETTINGS === undefined)
    return 'TEST_CLUSTER_SETTINGS names no file with the images and the registry of the cluster';
  try {
    loadKubeConfig();
    readClusterSettings();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function readClusterSettings(): ClusterSettings {
  const file = env.TEST_CLUSTER_SETTINGS ?? '';
  const parsed = Settings.safeParse(load(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
