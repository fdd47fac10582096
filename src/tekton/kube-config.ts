import { KubeConfig } from '@kubernetes/client-node';
import { UserError } from '../core/user-error.ts';

type DispatcherOptions = ReturnType<KubeConfig['createDispatcherOptions']>;

/** Of undici's connections, which the client library passes on: https://undici.nodejs.org/#/docs/api/Client?id=parameter-connectoptions */
const HTTP_1 = { allowH2: false };

/**
 * A kubeconfig whose connections speak HTTP/1.1. undici, through which the client library asks, would speak HTTP/2 with every API server;
 * closing a connection of that can end in an error that nobody can catch (https://github.com/nodejs/undici/issues/5586), and one that went
 * dead unnoticed fails everything that shares it.
 */
export class Http1KubeConfig extends KubeConfig {
  override createDispatcherOptions(
    ...parameters: Parameters<KubeConfig['createDispatcherOptions']>
  ): DispatcherOptions {
    const options = super.createDispatcherOptions(...parameters);
    switch (options.type) {
      case 'agent':
        return { ...options, connect: { ...options.connect, ...HTTP_1 } };
      case 'proxy':
        return { ...options, requestTls: { ...options.requestTls, ...HTTP_1 } };
      case 'none':
        return { type: 'agent', connect: { keepAlive: true, ...HTTP_1 } };
      case 'socks':
        // Speaks nothing else.
        return options;
    }
  }
}

/**
 * Where Kubernetes is and who we are there: `KUBECONFIG`, `~/.kube/config` (contexts, exec plug-ins and proxies included), or the service
 * account of the pod we run in. Throws a `UserError` when there is none of them, or what is there cannot be read.
 */
export function loadKubeConfig(): KubeConfig {
  const kubeConfig = new Http1KubeConfig();
  try {
    kubeConfig.loadFromDefault();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      'kubeconfig-unreadable',
      `The kubeconfig that KUBECONFIG names, or ~/.kube/config, cannot be read: ${why}`,
      {
        cause: error,
      },
    );
  }
  requireServer(kubeConfig);
  return kubeConfig;
}

/** Address of the API server. Throws a `UserError` when there is none, or one that tokens would travel to in the open. */
export function requireServer(kubeConfig: KubeConfig): string {
  const server = kubeConfig.getCurrentCluster()?.server;
  // What the client falls back to when it finds nothing at all.
  if (server === undefined || server === 'http://localhost:8080') {
    throw new UserError(
      'no-kubernetes',
      'There is no Kubernetes to talk to: run tekton-ci in a cluster, set KUBECONFIG to a file with a current context, ' +
        'or set TEKTON_CI_ENGINE=local to execute runs on this machine',
    );
  }
  if (!server.startsWith('https://')) {
    throw new UserError(
      'kubernetes-without-tls',
      `The kubeconfig names the API server ${server}: tokens would travel in the open. Give it an https:// address`,
    );
  }
  return server.replace(/\/+$/, '');
}
