// node scan.mjs HOST HTTP_PORT TLS_PORT: the verdict on a host that lives on this machine.
import net from "node:net";
import { scan } from "@mdn/mdn-http-observatory";

const [host, http, tls] = process.argv.slice(2);
const ports = { 80: Number(http), 443: Number(tls) };
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...words) {
  const options = Array.isArray(words[0]) ? words[0][0] : words[0];
  if (options.host !== host) throw new Error(`nobody but ${host} is asked, not ${options.host}`);
  Object.assign(options, { host: "127.0.0.1", port: ports[options.port] });
  return connect.apply(this, words);
};

const found = await scan(host);
const failed = Object.entries(found.tests).filter(([, test]) => !test.pass);
console.log(JSON.stringify({ ...found.scan, failed: Object.fromEntries(failed) }));
