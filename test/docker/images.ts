import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { projectFolder } from '../tools/katydid.ts';

/** The images under test, by their tags. */
export interface Images {
  readonly katydid: string;
  readonly katydidLocust: string;
  /** An unmodified Locust. */
  readonly locust: string;
}

/** User files that are mounted, as they are: `locustfile.ts`. */
export const userFolder: string = join(projectFolder, 'test', 'docker', 'users');

/** The images that `test/docker/run` has built; without them the test is skipped, as it takes minutes to build them. */
export function builtImages(t: TestContext): Images | undefined {
  const tag = process.env.KATYDID_IMAGE_TAG;
  if (tag !== undefined) {
    const locust = process.env.LOCUST_IMAGE ?? 'docker.io/locustio/locust:2.47.0';
    return { katydid: `katydid:${tag}`, katydidLocust: `katydid-locust:${tag}`, locust };
  }
  t.skip('test/docker/run builds the images, and runs this');
  return undefined;
}
