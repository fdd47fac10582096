/** The layout `tasks` shares a volume: the run's folder is made by the kubelet or a provisioner, for root alone. Steps have any user. */
export const OPEN_SOURCE_SCRIPT = `#!/bin/sh
set -eu
chmod 0777 "$TEKTON_CI_SOURCE"
`;

/** Removes the folder of a run that has ended from a claim that others use too. */
export const REMOVE_SOURCE_SCRIPT = `#!/bin/sh
set -eu
rm -rf -- "$TEKTON_CI_RUNS/$TEKTON_CI_RUN"
`;
