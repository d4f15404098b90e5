// autocannon with the mix: `autocannon.ts FOLDER URL USERS SECONDS`, FOLDER where npm has installed it.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { payload } from './payload.ts';

type Autocannon = (options: Readonly<Record<string, unknown>>) => Promise<unknown>;

const [, , folder = '', url, users, seconds] = process.argv;
const autocannon = createRequire(join(folder, 'package.json'))('autocannon') as Autocannon;
const get = { method: 'GET', path: '/' };
const headers = { 'content-type': 'application/json' };
const post = { method: 'POST', path: '/predict', headers, body: JSON.stringify(payload) };
await autocannon({ url, connections: Number(users), duration: Number(seconds), requests: [post, post, post, get] });
