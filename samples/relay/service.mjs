// A slow service that knows nothing of gateways: it answers 202 and a monitor (OGC API Processes), and works in the background.
import { createServer } from 'node:http';

const port = Number(process.argv[2] ?? 8080);
const jobs = new Map();

function start(pages) {
  const job = { jobID: String(jobs.size + 1), status: 'running', progress: 0, message: 'Warming up', pages };
  jobs.set(job.jobID, job);
  let page = 0;
  const timer = setInterval(() => {
    page++;
    Object.assign(job, { progress: Math.round(100 * page / pages), message: `Page ${page} of ${pages}` });
    if (page >= pages) {
      job.status = 'successful';
      clearInterval(timer);
    }
  }, 1_000);
  return job;
}

function answer(response, code, value, headers = {}) {
  response.writeHead(code, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
}

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://service');
  const [, first, id, results] = pathname.split('/');
  const job = first === 'jobs' ? jobs.get(id) : undefined;
  request.resume();
  if (request.method === 'POST') {
    const started = start(Number(searchParams.get('pages') ?? 5));
    answer(response, 202, started, { Location: `/jobs/${started.jobID}`, 'Retry-After': '1' });
  } else if (pathname === '/list') {
    answer(response, 200, [...jobs.keys()]);
  } else if (job === undefined) {
    answer(response, 404, { title: 'There is no such job.' });
  } else if (results === 'results') {
    answer(response, 200, { report: `${job.pages} pages` });
  } else {
    answer(response, 200, job, { 'Retry-After': '1' });
  }
}).listen(port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${port}`));
