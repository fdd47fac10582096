import { createEventWorld } from '../events/event-world.ts';
import { startLocalEngine } from '../events/local-stage.ts';
import { testOrders } from '../events/test-orders.ts';
import { allAtOnce, everyOrder, type ScenarioCase } from '../events/told-orders.ts';

/** Every order of up to four events, and as many random ones of each scenario as `ORDERS` says. */
const always = (scenario: ScenarioCase) => [...everyOrder(scenario), ...allAtOnce(scenario)];
const wanted = process.env.ORDERS;

testOrders({
  where: 'an engine that is played',
  open: () => ({ world: createEventWorld, async stop() {} }),
  always,
  randomly: Number(wanted ?? 200),
});

// 40 ms each: 200 take seven minutes.
testOrders({
  where: 'the local engine',
  open: startLocalEngine,
  always,
  randomly: Number(wanted ?? 60),
});
