import { createEventWorld } from '../events/event-world.ts';
import { startLocalEngine } from '../events/local-stage.ts';
import { testOrders } from '../events/test-orders.ts';
import { wellKnown } from '../events/told-orders.ts';

/** How many random orders of each scenario there are besides. */
const wanted = process.env.ORDERS;

testOrders({
  where: 'an engine that is played',
  open: () => ({ world: createEventWorld, async stop() {} }),
  always: wellKnown,
  randomly: Number(wanted ?? 200),
});

// 40 ms each: 200 take seven minutes.
testOrders({
  where: 'the local engine',
  open: startLocalEngine,
  always: wellKnown,
  randomly: Number(wanted ?? 60),
});
