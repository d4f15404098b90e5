import { readFileSync } from 'node:fs';
import { constant, HttpUser, shard, type Tasks } from 'katydid';

const [, ...rows] = readFileSync(process.env.LTK_DEVICE_LIST ?? '', 'utf8')
  .trim()
  .split('\n');
/** The devices of this thread of this pod, each for one user. */
const devices = shard(rows);

/** A device whose requests bear its name. */
export class DeviceUser extends HttpUser {
  static waitTime = constant(0.2);
  static tasks = { report: 1 } satisfies Tasks<DeviceUser>;
  #device: string | undefined;

  override onStart(): void {
    this.#device = devices.pop();
  }

  override onStop(): void {
    if (this.#device !== undefined) devices.push(this.#device);
  }

  async report(): Promise<void> {
    if (this.#device !== undefined) await this.client.get('/', { name: this.#device });
  }
}
