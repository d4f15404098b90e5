// `helm test`: each master swarms a few users, and its statistics tell of their requests.
const masters = JSON.parse(process.env.MASTERS);
const workers = JSON.parse(process.env.WORKERS);
const { users, seconds, maxFailRatio } = JSON.parse(process.env.SWARM);

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asks until the answer is good, a minute at most. */
async function until(what, ask) {
  let last;
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(500)) {
    const found = await ask().catch((error) => {
      last = error.cause?.message ?? error.message;
    });
    if (found) return found;
  }
  throw new Error(`${what} for a minute in vain${last === undefined ? '' : `: ${last}`}`);
}

async function ask(url, form) {
  const post = form && { method: 'POST', body: new URLSearchParams(form) };
  let response = await fetch(url, { ...post, signal: AbortSignal.timeout(10_000) });
  // Older masters are stopped by GET.
  if (response.status === 405) response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response.json();
}

async function swarm({ url, workers: expected, host }) {
  const stats = () => ask(`${url}/stats/requests`);
  const isIdle = ({ state }) => ['ready', 'stopped'].includes(state);
  const before = await until(`waited for ${expected} workers at ${url}`, async () => {
    const now = await stats();
    return (!isIdle(now) || now.workers.length >= expected) && now;
  });
  if (!isIdle(before)) throw new Error(`a test runs at ${url} (${before.state}); this one would disturb it`);
  const { success, message } = await ask(`${url}/swarm`, {
    user_count: users,
    spawn_rate: users,
    ...(host ? { host } : {}),
  });
  if (!success) throw new Error(`${url} does not swarm: ${message}`);
  try {
    await until(`waited for ${users} users at ${url}`, async () => (await stats()).user_count >= users);
    await sleep(seconds * 1000);
  } finally {
    await ask(`${url}/stop`, {});
  }
  await until(`waited for the end at ${url}`, async () => isIdle(await stats()));
  const after = await stats();
  const total = after.stats.find(({ name }) => name === 'Aggregated');
  const { num_requests: requests, num_failures: failures } = total;
  process.stdout.write(`${url}: ${requests} requests, ${failures} failures, ${before.workers.length} workers\n`);
  for (const { name, occurrences, error } of after.errors)
    process.stdout.write(`  ${occurrences} x ${name}: ${error}\n`);
  if (requests === 0) throw new Error(`${users} users made no request in ${seconds} s`);
  if (failures / requests > maxFailRatio) throw new Error(`${failures} of ${requests} requests failed`);
}

try {
  for (const master of masters) await swarm(master);
  for (const url of workers) {
    await until(`waited for ${url}`, async () => (await fetch(url)).ok);
    process.stdout.write(`${url}: ready\n`);
  }
} catch (error) {
  process.stdout.write(`${error.message}\n`);
  process.exitCode = 1;
}
