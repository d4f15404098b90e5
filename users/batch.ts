import { constant, defineOptions, HttpUser, type Tasks } from 'katydid';

const fields = [
  ...['alcohol', 'malic_acid', 'ash', 'alcalinity_of_ash', 'magnesium', 'total_phenols', 'flavanoids'],
  ...['nonflavanoid_phenols', 'proanthocyanins', 'color_intensity', 'hue', 'od280_od315_of_diluted_wines', 'proline'],
];
const wine = [13.2, 1.78, 2.14, 11.2, 100, 2.65, 2.76, 0.26, 1.28, 4.38, 1.05, 3.4, 1050];
const namedWine = Object.fromEntries(fields.map((name, at) => [name, wine[at]]));

const usual = 'http://127.0.0.1:5001/predict';

/** One server of `katydid target batch` does for all; the compose file has one for each. */
export const options = defineOptions({
  noBatchUrl: { default: usual, env: 'NO_BATCH_URL', help: 'Where single wines are sent' },
  batch1Url: { default: usual, env: 'BATCH_1_URL', help: 'Where batches of 1 are sent' },
  batch32Url: { default: usual, env: 'BATCH_32_URL', help: 'Where batches of 32 are sent' },
  batch64Url: { default: usual, env: 'BATCH_64_URL', help: 'Where batches of 64 are sent' },
});

/** Has wines classified one by one and in batches, without a pause. For `katydid target batch`. */
export class BatchUser extends HttpUser {
  static host = 'http://127.0.0.1:5001';
  static waitTime = constant(0);
  static tasks = { single: 1, batch1: 1, batch32: 1, batch64: 1 } satisfies Tasks<BatchUser>;

  async single() {
    await this.client.post(this.#options.noBatchUrl, { json: namedWine, name: '0:batch' });
  }

  async batch1() {
    await this.#send(this.#options.batch1Url, 1);
  }

  async batch32() {
    await this.#send(this.#options.batch32Url, 32);
  }

  async batch64() {
    await this.#send(this.#options.batch64Url, 64);
  }

  get #options() {
    return options.of(this.environment);
  }

  #send(url: string, rows: number) {
    return this.client.post(url, { json: { batches: Array<number[]>(rows).fill(wine) }, name: `batch-${rows}` });
  }
}
