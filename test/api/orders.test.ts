import { createHeldRuns } from '../events/held-runs.ts';
import type { ScenarioStage } from '../events/scenario-world.ts';
import { shareEngine } from '../events/shared-engine.ts';
import { testOrders } from '../events/test-orders.ts';
import { wellKnown } from '../events/told-orders.ts';
import { startKubelet } from './kubelet.ts';
import { playTekton } from './played-tekton.ts';
import { createWorld, sharedPlane } from './world.ts';

// 160 ms each: 200 take half an hour.
testOrders({
  where: 'a real API server',
  open: startTektonEngine,
  always: wellKnown,
  randomly: Number(process.env.ORDERS ?? 3),
});

/** Time alone changes nothing here. */
const LOOK_MS = 3_600_000;

async function startTektonEngine(): Promise<ScenarioStage> {
  const world = await createWorld();
  const { admin, namespace } = world;
  const kubelet = await startKubelet(admin, sharedPlane());
  const tekton = playTekton({ admin, namespace, kubelet });
  const held = createHeldRuns();
  tekton.run(({ pipelineRun, step, log }) => {
    log(`${step} says hello`);
    return held.exitCode(pipelineRun.metadata.name, step);
  });
  const shared = await shareEngine(world.engine({ lookMs: LOOK_MS }), { held, namespace });
  return {
    ...shared,
    async stop() {
      await shared.stop();
      await tekton.close();
      await kubelet.close();
    },
  };
}
