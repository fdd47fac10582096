// Loaded into the server by --require: writes down every host that it opens a connection to.
const { appendFileSync } = require('node:fs');
const net = require('node:net');

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function record(...parameters) {
  const [options] = Array.isArray(parameters[0]) ? parameters[0] : parameters;
  if (options?.port) appendFileSync(process.env.RECORD_CONNECTIONS, `${options.host}:${options.port}\n`);
  return connect.apply(this, parameters);
};
