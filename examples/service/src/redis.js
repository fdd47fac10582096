import { connect } from 'node:net';

/** Sends one command to Redis and gives its answer, a line such as `:1` for a number. https://redis.io/docs/latest/develop/reference/protocol-spec/ */
export function ask(host, ...words) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: 6379 });
    socket.setEncoding('utf8');
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.end();
      resolve(answer.trimEnd());
    });
    const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    socket.write(`*${words.length}\r\n${parts.join('')}`);
  });
}
