// A receiver as a user of the npm package would write it: answers 204 to what is genuine and 401 to anything else.   node receive.mjs SECRET
import http from 'node:http';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.argv[2]);
const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', part => parts.push(part));
  request.on('end', () => {
    try {
      const message = webhook.verify(Buffer.concat(parts).toString('utf8'), request.headers);
      response.writeHead(200).end(`verified ${message.uri ?? message.type}`);
    } catch (failure) {
      response.writeHead(401).end(String(failure));
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
