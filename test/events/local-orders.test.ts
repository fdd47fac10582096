import { startLocalEngine } from './local-stage.ts';
import { testOrders } from './test-orders.ts';

// Many more are told by test:long.
testOrders({
  where: 'the local engine',
  open: startLocalEngine,
  always: ({ places }) => [{ order: places.toReversed(), telling: 'in turn' }],
  randomly: 1,
});
