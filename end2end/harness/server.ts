import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

/** A real server on a free port, with a data folder of its own. */
export class Server {
  private constructor(
    private readonly child: ChildProcess | undefined,
    private readonly ended: Promise<void>,
    readonly folder: string,
    readonly url: string,
    /** What it said until it listened. */
    readonly log: string,
  ) {}

  /**
   * Starts the server; `config` is the text of a configuration file, without it there is none.
   * `files` are written beside it, `flags` are given as they are.
   */
  static async start(config?: string, files: Record<string, string> = {}, flags: string[] = []): Promise<Server> {
    const program = process.env.WATCHFIRE;
    if (!program) throw new Error('WATCHFIRE does not name the server; run `cargo xtask e2e`');
    const folder = mkdtempSync(join(tmpdir(), 'watchfire-e2e-'));
    const listens = flags.some((flag) => flag.startsWith('--web.listen-address'));
    const args = [...(listens ? [] : ['--web.listen-address=127.0.0.1:0']), `--storage.tsdb.path=${join(folder, 'data')}`];
    if (config !== undefined) {
      const file = join(folder, 'prometheus.yml');
      writeFileSync(file, config);
      args.push(`--config.file=${file}`);
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    args.push(...flags);
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    let log = '';
    const url = await new Promise<string>((resolve, reject) => {
      child.stderr!.setEncoding('utf8');
      child.stderr!.on('data', (text: string) => {
        log += text;
        const found = /msg=listening address=(\S+)/.exec(log);
        if (found) resolve(found[1]);
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${log}`)));
    });
    return new Server(child, ended, folder, url, log);
  }

  /** A server that somebody else started, and stops. */
  static at(url: string): Server {
    return new Server(undefined, Promise.resolve(), '', url, '');
  }

  /** Asks the API; throws on an error answer. */
  async api(path: string): Promise<any> {
    const response = await fetch(`${this.url}/api/v1/${path}`);
    const body = await response.json();
    if (body.status !== 'success') throw new Error(`${path}: ${body.error}`);
    return body.data;
  }

  /** Stops it once `page`, which would tell that it went, has left it. */
  async stopBehind(page: Page): Promise<void> {
    await page.goto('about:blank', { waitUntil: 'commit' });
    await this.stop();
  }

  async stop(): Promise<void> {
    if (!this.child) return;
    this.child.kill('SIGTERM');
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
