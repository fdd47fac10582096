const SECCOMP = { seccompProfile: { type: 'RuntimeDefault' } };

/** Programs of ours that need no privilege at all. */
export const RESTRICTED = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, ...SECCOMP };

/** Anybody's programs in anybody's containers: many images expect to be root and to install packages. */
export const UNPRIVILEGED = { allowPrivilegeEscalation: false, ...SECCOMP };

/** Kaniko unpacks images: it must be root with the capabilities that containers have by default. */
export const IMAGE_BUILDER = { runAsUser: 0, ...SECCOMP };

/** Root that may change and remove files of every user, and nothing else. */
export const FILE_OWNER = {
  runAsUser: 0,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'], add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'] },
  ...SECCOMP,
};
