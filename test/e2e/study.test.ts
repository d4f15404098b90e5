// Studies from beginning to end: the shipped example in its quick form, a login, a target that dies.
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
import { Master } from './master.ts';
import { until } from './until.ts';
import { readyOf } from './web-api.ts';
import { startWorker } from './worker.ts';

const users = join(projectFolder, 'users', 'stress.ts');
/** What the published study found by hand: 6 requests a second, then 11. */
const published = { serviceTime: 222, apiWorkers: 2, timeout: 3000 };

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

async function targetOf(t: TestContext, options = published): Promise<ApiTarget> {
  const target = await ApiTarget.start(options);
  t.after(() => target.close());
  return target;
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

test('the example says what the study by hand said', { timeout: 900_000 }, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  const target = await targetOf(t);
  const master = await Master.start(locust, { users });
  t.after(() => master.end('SIGKILL'));
  const workers = [1, 2].map(() => startWorker(master, { users, threads: 1 }));
  t.after(() => Promise.all(workers.map((worker) => worker.end('SIGKILL'))));
  await master.web.until('two workers are ready', (now) => readyOf(now) === 2);
  const folder = await folderOf(t);
  const { code, output } = await study(
    t,
    [join(projectFolder, 'docker', 'study.yaml'), '--quick', '--scale-command', target.scaleCommand, '-o', folder],
    { STUDY_MASTER: master.web.url, STUDY_HOST: target.url, STUDY_READY: target.url },
  );
  assert.equal(code, 0, output);
  const { finding, conclusion, marks } = await resultIn(folder);
  const text = conclusion.join('\n');
  const best = new Map(finding.scales.map((scale) => [scale.scale, scale.best?.rps ?? 0]));
  assert.ok(Math.abs((best.get(1) ?? 0) - 6) < 1, `scale 1: ${text}`);
  assert.ok(Math.abs((best.get(3) ?? 0) - 11.5) < 2, `scale 3: ${text}`);
  assert.equal(finding.top?.scale, 3, text);
  assert.equal(finding.steps[1]?.bottleneck, 'before it', text);
  assert.match(text, /knee is near (5|10) users/);
  assert.match(text, /Failures begin at scale 1 with (10|20) users: .* mostly time-outs/);
  const clean = marks.filter(({ disturbances }) => disturbances.length === 0);
  assert.ok(clean.length >= 17 && clean.every((mark) => mark.workers === 2), output);
  assert.match(await readFile(join(folder, 'report.html'), 'utf8'), /<p class="conclusion">The best mark is/);
});

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
  const target = await targetOf(t, { serviceTime: 20, apiWorkers: 4, timeout: 3000 });
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
