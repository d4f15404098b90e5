// Studies of masters that let in only whom they know: by basic authentication, by the form of a site's own login.
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { findLocust, type LocustVersion, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { StudyCase } from './study.ts';
import { StudyMaster, type StudyMasterOptions } from './study-master.ts';
import { Target } from './target.ts';

/** A login as Locust's documentation has it. Its key is another one after each start, so that nobody is remembered. */
const login = `
import os
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
    environment.web_ui.app.config["SECRET_KEY"] = os.urandom(16)
    environment.web_ui.auth_args = {"username_password_callback": "/login_submit"}
    blueprint = Blueprint("auth", "web_ui_auth")

    @blueprint.route("/login_submit", methods=["POST"])
    def login_submit():
        if request.form.get("username") == "ada" and request.form.get("password") == "right":
            login_user(Someone())
            return redirect(url_for("locust.index"))
        session["auth_error"] = "Invalid username or password"
        return redirect(url_for("locust.login"))

    environment.web_ui.app.register_blueprint(blueprint)
`;
const marks = 'marks: [{ users: 4, spawn-rate: 20, duration: 2s }]';
const refused = /^katydid: the master at \S+ refused this login: wrong username or password\n$/;

interface Scene {
  readonly master: StudyMaster;
  readonly target: Target;
}

async function open(
  t: TestContext,
  version: LocustVersion,
  options: StudyMasterOptions & { readonly workers?: number } = {},
): Promise<Scene | undefined> {
  const locust = await need(t, () => findLocust(version));
  if (!locust) return undefined;
  const target = await Target.start();
  t.after(() => target.close());
  return { target, master: await StudyMaster.open(t, locust, { workers: 1, ...options }) };
}

/** What stands before Locust's own web UI since it has no basic authentication any more; its address. */
async function proxy(t: TestContext, to: string): Promise<string> {
  const expected = `Basic ${Buffer.from('ada:right').toString('base64')}`;
  const server = createServer((asked, response) => {
    if (asked.headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="load"' }).end('who are you?');
      return;
    }
    const { method, headers, url = '/' } = asked;
    const passed = request(`${to}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The password comes from the environment, as it should. */
async function passwords(t: TestContext, url: string, target: string, kind: 'basic' | 'form'): Promise<void> {
  const text = `master: ${url}\nlogin: { kind: ${kind}, username: ada, password: "\${PASSWORD}" }\nhost: ${target}\n${marks}`;
  const study = await StudyCase.of(t, text);
  const wrong = await study.run([], { PASSWORD: 'wrong' });
  assert.equal(wrong.code, 2, wrong.output);
  assert.match(wrong.output, refused);
  const { code, output } = await study.run([], { PASSWORD: 'right' });
  assert.equal(code, 0, output);
  const result = await study.result();
  assert.deepEqual(
    result.marks.map(({ users, disturbances }) => [users, disturbances]),
    [[4, []]],
    output,
  );
  assert.ok(!JSON.stringify(result).includes('right'), 'the report does not tell the password');
  const none = await StudyCase.of(t, `master: ${url}\n${marks}`);
  assert.match((await none.run()).output, /^katydid: the master at \S+ wants a login: give login\.username/);
}

describe('a wrong password is one line, the right one lets in', { concurrency: 2 }, () => {
  test('by the basic authentication that Locust had until 2.2x', { timeout: 120_000 }, async (t) => {
    const scene = await open(t, '2.20.1', { args: ['--web-auth', 'ada:right'] });
    if (scene) await passwords(t, scene.master.url, scene.target.url, 'basic');
  });

  test('by basic authentication of a proxy before it', { timeout: 120_000 }, async (t) => {
    const scene = await open(t, newestLocust);
    if (scene) await passwords(t, await proxy(t, scene.master.url), scene.target.url, 'basic');
  });

  test('by the form of a login', { timeout: 120_000 }, async (t) => {
    const scene = await open(t, newestLocust, { args: ['--web-login'], more: login });
    if (!scene) return;
    const { master, target } = scene;
    await passwords(t, master.url, target.url, 'form');
    const path = `master: ${master.url}\nlogin: { kind: form, username: ada, password: right, path: /sign-in }\n${marks}`;
    const lost = await (await StudyCase.of(t, path)).run();
    assert.match(
      lost.output,
      /^katydid: the login form .* is not at \/sign-in, which answered 404: give login\.path\n$/,
    );
  });

  test('a master that was restarted and knows nobody any more lets in again', { timeout: 180_000 }, async (t) => {
    const scene = await open(t, newestLocust, { args: ['--web-login'], more: login, workers: 0 });
    if (!scene) return;
    const { master, target } = scene;
    // One that finds a master again which has forgotten it.
    master.addKatydidWorker();
    await master.hasReady(1);
    const text = `master: ${master.url}\nlogin: { kind: form, username: ada, password: right }\nhost: ${target.url}\n${marks}`;
    const study = await StudyCase.of(t, text);
    const running = study.start();
    await study.measures(4, running);
    await master.restart();
    assert.equal(await running.ended, 0, running.output);
    const { marks: kept } = await study.result();
    assert.deepEqual(
      kept.map(({ attempt, disturbances }) => [attempt, disturbances.length > 0]),
      [
        [1, true],
        [2, false],
      ],
      running.output,
    );
  });
});
