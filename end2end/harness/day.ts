import { push, type Series } from './remote-write.ts';
import { Server } from './server.ts';

/** Machines, processors of each, and modes of a processor. */
const HOSTS = 10;
const CORES = 4;
const MODES = ['idle', 'user', 'system', 'iowait'];
const DAY = 86_400_000;

/** A server with a day of samples of a small fleet, `step` milliseconds apart. */
export async function serverWithDay(step = Number(process.env.WATCHFIRE_DAY_STEP ?? 60_000)): Promise<Server> {
  const server = await Server.start(
    'storage: {tsdb: {out_of_order_time_window: 30h}}\n', {}, ['--web.enable-remote-write-receiver']);
  const end = Math.floor(Date.now() / step) * step;
  const all: { labels: Record<string, string>; value: (n: number) => number }[] = [];
  for (let host = 0; host < HOSTS; host += 1) {
    const instance = `host-${host}:9100`;
    const wave = (n: number) => 1 + Math.sin(n / 90 + host);
    for (let cpu = 0; cpu < CORES; cpu += 1)
      for (const [index, mode] of MODES.entries())
        all.push({
          labels: { __name__: 'node_cpu_seconds_total', instance, job: 'node', cpu: String(cpu), mode },
          value: (n) => n * (step / 1000) * (0.1 + index / 10) + wave(n + cpu),
        });
    all.push({ labels: { __name__: 'up', instance, job: 'node' }, value: () => 1 });
    all.push({ labels: { __name__: 'node_load1', instance, job: 'node' }, value: (n) => 2 * wave(n) });
    all.push({ labels: { __name__: 'node_memory_MemTotal_bytes', instance, job: 'node' }, value: () => 16e9 });
    all.push({ labels: { __name__: 'node_memory_MemAvailable_bytes', instance, job: 'node' }, value: (n) => 4e9 * wave(n) });
    for (const device of ['eth0', 'lo'])
      for (const way of ['receive', 'transmit'])
        all.push({
          labels: { __name__: `node_network_${way}_bytes_total`, instance, job: 'node', device },
          value: (n) => n * step * (host + 1),
        });
  }
  // Two hours in one request, oldest first.
  const chunk = 7_200_000;
  for (let from = end - DAY; from < end; from += chunk) {
    const series: Series[] = all.map(({ labels, value }) => {
      const samples: [number, number][] = [];
      for (let time = from; time < Math.min(from + chunk, end + 1); time += step) samples.push([time, value((time - end + DAY) / step)]);
      return { labels, samples };
    });
    await push(server.url, series);
  }
  return server;
}

/** Questions that several panels share are asked once. */
const EXPRS = [
  'sum by (instance) (rate(node_cpu_seconds_total{mode!="idle"}[$__rate_interval]))',
  'sum by (mode) (rate(node_cpu_seconds_total[$__rate_interval]))',
  'node_load1',
  '1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes',
  'rate(node_network_receive_bytes_total{device="eth0"}[$__rate_interval])',
  'rate(node_network_transmit_bytes_total{device="eth0"}[$__rate_interval])',
  'sum(rate(node_cpu_seconds_total{mode!="idle"}[$__rate_interval]))',
  'avg(node_load1)',
  'max by (instance) (node_load1)',
  'sum by (cpu) (rate(node_cpu_seconds_total{mode="system"}[$__rate_interval]))',
];

/** A dashboard of thirty panels, `columns` side by side; every question stands in three of them. */
export function thirty(uid: string) {
  const kinds = ['timeseries', 'timeseries', 'timeseries', 'timeseries', 'timeseries', 'timeseries', 'stat', 'stat', 'bargauge', 'timeseries'];
  return {
    uid, title: 'Thirty', schemaVersion: 42, time: { from: 'now-24h', to: 'now' },
    panels: Array.from({ length: 30 }, (_, n) => ({
      id: n + 1, type: kinds[n % 10], title: `Panel ${n + 1}`,
      gridPos: { x: (n % 3) * 8, y: Math.floor(n / 3) * 8, w: 8, h: 8 },
      // As many points for each, so that panels of all widths ask the same.
      maxDataPoints: 500,
      targets: [{ refId: 'A', expr: EXPRS[n % 10] }],
    })),
  };
}

/** Different questions of [`thirty`]. */
export const QUESTIONS = EXPRS.length;
