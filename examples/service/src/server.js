import { createServer } from 'node:http';
import { ask } from './redis.js';

const host = process.env.REDIS_HOST ?? 'redis';

createServer(async (request, response) => {
  if (request.url === '/healthz') return response.end('ok\n');
  try {
    const answer = await ask(host, 'INCR', 'visits');
    response.end(`Visit number ${answer.slice(1)}\n`);
  } catch (error) {
    response.writeHead(503).end(`${error.message}\n`);
  }
}).listen(8080);
