// Studies from beginning to end: a login, a target that dies. The shipped example is in test/slow.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { StudyResult } from '../../src/study/result.ts';
import { ApiTarget } from '../study/api-target.ts';
import { katydidCli, projectFolder } from '../tools/katydid.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { run } from '../tools/run.ts';
import { Child } from './child.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const users = join(projectFolder, 'users', 'stress.ts');
/** A login as Locust's documentation has it. */
const login = `
from flask import Blueprint, redirect, request, session, url_for
from flask_login import UserMixin, login_user
from locust import events

class Someone(UserMixin):
    def get_id(self):
        return "ada"

@events.init.add_listener
def on_init(environment, **kwargs):
    if environment.web_ui is None:
        return
    environment.web_ui.login_manager.user_loader(lambda name: Someone())
    environment.web_ui.app.config["SECRET_KEY"] = "of a test"
    environment.web_ui.auth_args = {"username_password_callback": "/login_submit"}
    blueprint = Blueprint("auth", "web_ui_auth")

    @blueprint.route("/login_submit", methods=["POST"])
    def login_submit():
        if request.form.get("password") == "right":
            login_user(Someone())
            return redirect(url_for("locust.index"))
        session["auth_error"] = "Invalid username or password"
        return redirect(url_for("locust.login"))

    environment.web_ui.app.register_blueprint(blueprint)
`;

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'katydid-study-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs `katydid study` to its end. */
async function study(
  t: TestContext,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ readonly code: number | NodeJS.Signals; readonly output: string }> {
  const child = new Child('study', process.execPath, [katydidCli, 'study', ...args], env);
  t.after(() => child.end('SIGKILL'));
  const code = await child.ended;
  return { code, output: child.output };
}

const resultIn = async (folder: string): Promise<StudyResult> =>
  JSON.parse(await readFile(join(folder, 'study.json'), 'utf8')) as StudyResult;

test('a wrong password for the web UI is one line, the right one lets in', { timeout: 300_000 }, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  const folder = await folderOf(t);
  const files = [join(folder, 'locustfile.py'), join(folder, 'login.py')] as const;
  await writeFile(files[0], await run(process.execPath, [katydidCli, 'locustfile', '-f', users]));
  await writeFile(files[1], login);
  const [port, webPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${webPort}`;
  const master = new Child('master', locust.command, [
    ...['-f', files.join(','), '--master', '--web-login', '--web-host', '127.0.0.1', '--web-port', String(webPort)],
    ...['--master-bind-host', '127.0.0.1', '--master-bind-port', String(port)],
  ]);
  t.after(() => master.end('SIGKILL'));
  await until('the web UI answers', () => fetch(`${url}/login`).then(({ ok }) => ok), { limit: 40 });
  const file = join(folder, 'study.yaml');
  const text = `master: ${url}\nlogin: { kind: form, username: ada, password: "\${PASSWORD}" }\nmarks: [{ users: 1 }]\n`;
  await writeFile(file, text);
  const outcomes = [
    ['wrong', /^katydid: the master at \S+ refused this login: wrong username or password$/m],
    // Who is let in sees what is missing behind the door.
    ['right', /^katydid: the master at \S+ has no workers$/m],
  ] as const;
  for (const [password, pattern] of outcomes) {
    const { code, output } = await study(t, [file, '-o', join(folder, password)], { PASSWORD: password });
    assert.equal(code, 2, output);
    assert.match(output, pattern);
  }
});

test('a target that dies is told of', { timeout: 300_000 }, async (t) => {
  const target = await ApiTarget.start({ serviceTime: 20, apiWorkers: 4, timeout: 3000 });
  t.after(() => target.close());
  const folder = await folderOf(t);
  const args = ['-f', users, '-H', target.url, '--users', '5,10,20', '--duration', '5s', '-r', '20', '-o', folder];
  const running = study(t, args);
  const timer = setInterval(async () => {
    const text = await readFile(join(folder, 'marks.jsonl'), 'utf8').catch(() => '');
    if (text === '') return;
    clearInterval(timer);
    await target.close();
  }, 50);
  const { code, output } = await running;
  clearInterval(timer);
  assert.equal(code, 0, output);
  const { marks, remarks } = await resultIn(folder);
  assert.equal(marks[0]?.disturbances.length, 0);
  assert.match(
    remarks.join('\n'),
    /the system under test is dead at scale 1, with 10 users; its other marks are left out/,
  );
});
