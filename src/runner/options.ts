import type { ParsedOptions } from '../user/options.ts';

/** Locust's own options in all versions since 2.12: the master's values of these are not the users' business. */
const builtIn = new Set(
  `locustfile config host num_users users spawn_rate run_time list_commands config_users web_host web_host_display_name
  web_port headless autostart autoquit headful web_auth web_login tls_cert tls_key class_picker build_path legacy_ui modern_ui
  master master_bind_host master_bind_port expect_workers expect_workers_max_wait enable_rebalancing expect_slaves worker
  processes slave master_host master_port web_base_path tags exclude_tags csv_prefix stats_history_enabled print_stats
  only_summary reset_stats html_file json json_file skip_log_setup loglevel logfile show_task_ratio show_task_ratio_json
  exit_code_on_error stop_timeout equal_weights profile otel user_classes hatch_rate step_load step_users step_clients
  step_time`.split(/\s+/),
);
/** These of the built-in ones the worker takes over, as Python's does. */
const taken = new Set(['expect_workers', 'tags', 'exclude_tags']);

/** `max_tokens` → `maxTokens`. */
export function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * The options after a spawn order: what the master says of custom ones wins, earlier values stay if it names none.
 * `own` are those of this worker's command line, which hold where the master has no value, as for `--tags`.
 */
export function takeOptions(
  current: ParsedOptions,
  fromMaster: ReadonlyMap<string, unknown>,
  own: ParsedOptions,
): ParsedOptions {
  const news = [...fromMaster].filter(([name]) => taken.has(name) || !builtIn.has(name));
  const named = news.map(([snake, value]): [string, unknown] => {
    const name = camelCase(snake);
    return [name, taken.has(snake) ? (listOf(snake, value) ?? own[name] ?? null) : value];
  });
  return Object.fromEntries([...Object.entries(current), ...named]) as ParsedOptions;
}

/** A master that was started without `--tags` hands on what the web UI's form has in that field: a text. */
function listOf(name: string, value: unknown): unknown {
  if (name === 'expect_workers' || typeof value !== 'string') return value;
  return value.split(/[\s,]+/).filter((tag) => tag !== '');
}
