import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { need } from '../tools/need.ts';
import { run, tryRun } from '../tools/run.ts';
import { chartFolder, template, valueSets } from './chart.ts';
import { findHelm, findKubeconform, findKubeScore, findSchemas, findUnittest, kubernetesVersions } from './tools.ts';

/** What is for those to say who install it: user 1000 is the images' own, and there need be no network policies. */
const unscored = ['container-image-pull-policy', 'container-security-context-user-group-id', 'pod-networkpolicy'];

suite('the chart', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'katydid-chart-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** A file with the manifests of each set of values. */
  async function rendered(helm: string): Promise<string[]> {
    const files: string[] = [];
    for (const [name, flags] of await valueSets()) {
      const { code, output } = await template(helm, ...flags);
      assert.equal(code, 0, `${name}: ${output}`);
      const file = join(folder, `${name}.yaml`);
      await writeFile(file, output);
      files.push(file);
    }
    return files;
  }

  test('it passes lint, strictly, with each set of values', async (t) => {
    const helm = await need(t, findHelm);
    if (!helm) return;
    const sets = await valueSets();
    assert.ok(sets.size > 12, `there are only ${sets.size} sets`);
    for (const [name, flags] of sets) {
      const { code, output } = await tryRun(join(helm, 'helm'), ['lint', '--strict', chartFolder, ...flags]);
      assert.equal(code, 0, `${name}: ${output}`);
    }
  });

  test('its manifests fit the schemas of three versions of Kubernetes, with each set of values', async (t) => {
    const helm = await need(t, findHelm);
    const kubeconform = await need(t, findKubeconform);
    const schemas = await need(t, findSchemas);
    if (!helm || !kubeconform || !schemas) return;
    const files = await rendered(helm);
    assert.equal(kubernetesVersions.length, 3);
    for (const version of kubernetesVersions) {
      const kinds = join(schemas, `v${version}`, '{{.ResourceKind}}{{.KindSuffix}}.json');
      const custom = join(schemas, 'custom', '{{.ResourceKind}}_{{.ResourceAPIVersion}}.json');
      const places = ['-schema-location', kinds, '-schema-location', custom];
      await run(kubeconform, ['-strict', '-kubernetes-version', version, ...places, ...files]);
    }
  });

  test('kube-score finds nothing critical, with each set of values', async (t) => {
    const helm = await need(t, findHelm);
    const kubeScore = await need(t, findKubeScore);
    if (!helm || !kubeScore) return;
    const flags = ['--kubernetes-version', 'v1.31', '--ignore-container-cpu-limit', '--ignore-test'];
    for (const file of await rendered(helm)) {
      const isClosed = /(closed|git)\.yaml$/.test(file);
      const ignored = unscored.filter((name) => !isClosed || name !== 'pod-networkpolicy').join(',');
      const { code, output } = await tryRun(kubeScore, ['score', '--output-format', 'ci', ...flags, ignored, file]);
      assert.equal(code, 0, `${file}:\n${output.replaceAll(/^\[(OK|SKIPPED)\].*\n/gm, '')}`);
    }
  });

  test('its unit tests pass', async (t) => {
    const unittest = await need(t, findUnittest);
    if (!unittest) return;
    const { code, output } = await tryRun(unittest, [chartFolder]);
    assert.equal(code, 0, output);
  });

  test('it refuses a misspelt value, and what cannot be', async (t) => {
    const helm = await need(t, findHelm);
    if (!helm) return;
    const set = async (...values: readonly string[]): Promise<string> => {
      const { code, output } = await template(helm, ...values.flatMap((value) => ['--set', value]));
      return code === 0 ? 'rendered' : output;
    };
    assert.match(await set('worker.replcas=2'), /replcas/);
    assert.match(await set('workers[0].name=a', 'workers[0].users=a.ts', 'workers[0].replcas=2'), /replcas/);
    assert.match(await set('workers[0].users=a.ts'), /name/);
    assert.match(await set('workers[0].name=a', 'workers[0].users=a.py'), /users/);
    assert.match(await set('worker.replicas=many'), /replicas/);
    assert.match(await set('master.enabled=false'), /external\/host/);
    assert.equal(await set('master.enabled=false', 'master.external.host=master'), 'rendered');
    assert.match(await set('users.source=git'), /url/);
    assert.match(await set('worker.autoscaling.enabled=true'), /sharding and autoscaling exclude each other/);
    assert.equal(await set('worker.autoscaling.enabled=true', 'worker.shard.enabled=false'), 'rendered');
  });

  test('it has the version of the package', async () => {
    const read = (file: string): Promise<string> => readFile(new URL(file, import.meta.url), 'utf8');
    const { version } = JSON.parse(await read('../../package.json')) as { readonly version: string };
    assert.match(await read('../../helm/katydid/Chart.yaml'), new RegExp(`^appVersion: "${version}"$`, 'm'));
  });
});
