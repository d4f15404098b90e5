/** Parts of the requests, 0 to 1, whose times are shown. Locust's `PERCENTILES_TO_REPORT`. */
export const reportedPercents: readonly number[] = [0.5, 0.66, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999, 1];

/** As column titles. */
export const percentTitles: readonly string[] = '50% 66% 75% 80% 90% 95% 98% 99% 99.9% 99.99% 100%'.split(' ');
