#!/usr/bin/env node
// The smallest agent behind an address: takes work, does it in the background, says how far it is when asked.
//   AGENT_TOKEN=secret PORT=8080 node http-agent.mjs
// [agents.http]
// url = "http://127.0.0.1:8080/work"
// poll_url = "http://127.0.0.1:8080/work/{run_id}"
// cancel_url = "http://127.0.0.1:8080/work/{run_id}"
// token_env = "AGENT_TOKEN"
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

const { AGENT_TOKEN, PORT = '8080', WORK_SECS = '1' } = process.env;
const works = new Map();

/** Your work goes here. */
async function work({ title }) {
  await new Promise((resolve) => setTimeout(resolve, Number(WORK_SECS) * 1000));
  return `did: ${title}`;
}

/** A key is taken once: whoever posts it again did not hear the answer. */
function take(key, task) {
  if (works.has(key)) return;
  const state = { status: 'running', detail: '' };
  works.set(key, state);
  work(task).then(
    (detail) => Object.assign(state, { status: 'done', detail }),
    (error) => Object.assign(state, { status: 'failed', detail: String(error) }),
  );
}

const server = createServer(async (request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const { authorization, 'idempotency-key': key } = request.headers;
  if (AGENT_TOKEN && authorization !== `Bearer ${AGENT_TOKEN}`)
    return answer(401, { error: 'another token' });
  try {
    if (request.method === 'POST') {
      take(key, await json(request));
      return answer(202, { run_id: key });
    }
    const id = decodeURIComponent(request.url.split('/').at(-1));
    if (request.method === 'DELETE') return answer(200, { canceled: works.delete(id) });
    const state = works.get(id);
    return state ? answer(200, state) : answer(404, { error: 'no such work' });
  } catch (error) {
    return answer(400, { error: String(error) });
  }
});
server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/work`);
});
