// Users from a repository that asks for a token.
import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../tools/run.ts';
import { helm, kubectl, Master, until } from './cluster.ts';
import { type GitServer, serveGit } from './git-server.ts';
import { chart, names, noFailures, nothingLeft, place, step } from './steps.ts';

/** The node, as pods see it: what is served in its network stands for the world outside. */
const address = '10.210.0.1';
const image = { repository: 'docker.io/library/golang', tag: '1.26-bookworm', pullPolicy: 'Never' };

/** A repository with two versions of the users in a folder of it: a tag, and a commit; resolves to the commit. */
async function commitUsers(folder: string): Promise<string> {
  const git = (...args: readonly string[]): Promise<string> =>
    run('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.org', ...args], { cwd: folder });
  await mkdir(join(folder, 'load'), { recursive: true });
  await git('init', '-q', '-b', 'main');
  for (const [tag, source] of [
    ['v1', 'site.ts'],
    ['v2', 'new-site.ts'],
  ] as const) {
    await copyFile(place(`users/${source}`), join(folder, 'load', 'site.ts'));
    await git('add', '.');
    await git('commit', '-qm', tag);
    await git('tag', tag);
  }
  return (await git('rev-parse', 'v2')).trim();
}

export async function repository(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'katydid-git-'));
  const commit = await commitUsers(join(folder, 'users.git'));
  const server = await serveGit(folder, address, 'opensesame');
  try {
    await prove(server, folder, commit);
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}

async function prove(server: GitServer, folder: string, commit: string): Promise<void> {
  const credentials = join(folder, 'credentials');
  await writeFile(credentials, `${server.url.replace('://', '://load:opensesame@')}\n`);
  const keys = [`--from-file=credentials=${credentials}`, `--from-file=ca.crt=${server.authority}`];
  await kubectl('create', 'secret', 'generic', 'git', ...keys);
  const users = { source: 'git', git: { url: `${server.url}/users.git`, path: 'load', existingSecret: 'git', image } };
  const values = join(folder, 'values.json');
  await writeFile(values, JSON.stringify({ users }));
  const own = [...chart, '--values', values];
  await step('users from git over HTTPS, with a token and a certificate of its own: a tag; helm test', async () => {
    await helm('install', 'load', ...own, '--set', 'users.git.ref=v1');
    assert.ok(server.asked.refused > 0 && server.asked.allowed > 0, JSON.stringify(server.asked));
    return /\d+ requests, .*/.exec(await helm('test', 'load', '--logs', '--timeout', '120s'))?.[0];
  });
  await step('users from git: a commit in place of the tag', async () => {
    await helm('upgrade', 'load', ...own, '--set-string', `users.git.ref=${commit}`);
    const fetched = await kubectl('logs', 'load-katydid-site-0', '-c', 'users');
    assert.equal(fetched.trim(), `users at ${commit}`);
    const master = await Master.find('load-katydid-site-web');
    await master.workers(2);
    await master.swarm(4);
    const stats = await until(
      'requests of the new users',
      () => master.stats(),
      (now) => names(now).includes('second'),
    );
    assert.ok(!names(stats).includes('first'));
    return noFailures(await master.stop());
  });
  await helm('uninstall', 'load', '--wait', '--timeout', '90s');
  await kubectl('delete', 'secret', 'git');
  await nothingLeft();
}
