import { expect } from '@playwright/test';
import { Server } from './server.ts';

const RULES = `
groups:
- name: own
  interval: 1s
  rules:
  - alert: TargetDown
    expr: up == 0
    labels: {severity: page}
    annotations:
      summary: "{{ $labels.instance }} is down"
      runbook_url: https://runbooks.example/TargetDown
  - alert: SoonTooMuch
    expr: up == 1
    for: 1h
    labels: {severity: warn}
  - alert: NeverFires
    expr: vector(0) > 1
- name: recording
  interval: 1s
  rules:
  - record: job:up:sum
    expr: sum by (job) (up)
  - record: broken:rule
    expr: up * on() group_left() up
`;

/** Groups enough for several pages. */
const MANY = `groups:\n${Array.from({ length: 15 }, (_, i) => `- name: many-${i}\n  rules: [{record: "r${i}", expr: "vector(${i})"}]\n`).join('')}`;

const CONFIG = (self: string) => `
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: [rules.yml, many.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ['127.0.0.1:1']}]}]}
remote_write: [{url: 'http://user:hunter2@127.0.0.1:1/push', name: away}]
scrape_configs:
- job_name: self
  static_configs: [{targets: ['${self}']}]
- job_name: broken
  static_configs: [{targets: ['127.0.0.1:1']}]
- job_name: relabelled
  basic_auth: {username: admin, password: hunter2}
  static_configs:
  - {targets: ['127.0.0.1:2'], labels: {env: prod, zone: a}}
  - {targets: ['127.0.0.1:3'], labels: {env: dev}}
  relabel_configs:
  - {source_labels: [env], regex: dev, action: drop}
  - {source_labels: [zone], target_label: availability_zone}
  - {regex: zone, action: labeldrop}
- job_name: many
  scrape_interval: 1h
  metrics_path: /metrics
  static_configs: [{targets: [${Array.from({ length: 120 }, (_, i) => `'127.0.0.1:${20_000 + i}'`).join(', ')}]}]
- job_name: nothing
  file_sd_configs: [{files: [none-*.json]}]
`;

/** A server with something to tell on every page; it scrapes itself. */
export async function watchedServer(): Promise<Server> {
  // Below the ports that outgoing connections take.
  const port = 21_000 + Math.floor(Math.random() * 10_000);
  const server = await Server.start(
    CONFIG(`127.0.0.1:${port}`),
    { 'rules.yml': RULES, 'many.yml': MANY },
    [`--web.listen-address=127.0.0.1:${port}`, '--web.enable-admin-api', '--web.enable-lifecycle', '--web.enable-remote-write-receiver'],
  );
  await expect
    .poll(async () => (await server.api('alerts')).alerts.filter((alert: any) => alert.state === 'firing').length, { timeout: 30_000 })
    .toBeGreaterThan(0);
  return server;
}
