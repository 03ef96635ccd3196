import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test as base, expect, type Page } from "@playwright/test";

const ROOT = join(import.meta.dirname, "../..");
const PYTHON = process.env.EVERYRUN_PYTHON ?? join(ROOT, ".venv/bin/python");
const EVERYRUN = join(dirname(PYTHON), "everyrun");

/** A real server on a ledger of its own, and what a person does to it from a terminal. */
export class Served {
  readonly home: string;
  private process: ChildProcess | null = null;
  private port = 0;
  address = "";
  link = "";
  token = "";

  constructor(ledger: string) {
    this.home = mkdtempSync(join(tmpdir(), `everyrun-page-${ledger}-`));
  }

  async start(): Promise<void> {
    const run = spawn(
      EVERYRUN,
      ["up", "--no-open", "--port", String(this.port), "--at-once", "4"],
      { env: this.environment(), stdio: ["ignore", "ignore", "pipe"] },
    );
    this.process = run;
    let said = "";
    await new Promise<void>((resolve, reject) => {
      run.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
      run.stderr.on("data", (part: Buffer) => {
        said += part.toString();
        if (said.includes("Sign in:")) setTimeout(resolve, 200);
      });
    });
    this.address = /at (http:\S+)/.exec(said)?.[1] ?? "";
    this.port = Number(new URL(this.address).port);
    this.link = /Sign in: (\S+)/.exec(said)?.[1] ?? this.link;
    this.token = /shown only now: (\S+)/.exec(said)?.[1] ?? this.token;
  }

  async stop(): Promise<void> {
    const run = this.process;
    this.process = null;
    if (run === null || run.exitCode !== null) return;
    run.removeAllListeners("exit");
    const ended = new Promise((resolve) => run.once("exit", resolve));
    run.kill("SIGTERM");
    await ended;
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Run a command of ours; answers what it printed. */
  everyrun(...words: string[]): string {
    return execFileSync(EVERYRUN, words, { env: this.environment(), encoding: "utf8" });
  }

  /** Run Python from the repository's root on this ledger; answers what it printed. */
  python(...words: string[]): string {
    return execFileSync(PYTHON, words, { cwd: ROOT, env: this.environment(), encoding: "utf8" });
  }

  /** Save a graph that is written in YAML. */
  save(yaml: string): void {
    const file = join(this.home, `graph-${Math.random().toString(36).slice(2)}.yaml`);
    writeFileSync(file, yaml);
    this.everyrun("workflow", "apply", file);
  }

  async api(method: string, path: string, body?: unknown, token = this.token): Promise<unknown> {
    const answer = await fetch(`${this.address}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  }

  /** Have a workflow run; answers the execution's id. */
  async run(workflow: string, input: object = {}): Promise<string> {
    const made = await this.api("POST", `/workflows/${encodeURIComponent(workflow)}/executions`, {
      input,
    });
    return (made as { id: string }).id;
  }

  async signIn(page: Page, token = this.token): Promise<void> {
    const answer = await page.request.post(`${this.address}/api/v1/login`, { data: { token } });
    expect(answer.ok(), await answer.text()).toBe(true);
  }

  private environment(): NodeJS.ProcessEnv {
    const { EVERYRUN_URL: _, EVERYRUN_TOKEN: __, FORCE_COLOR: ___, ...rest } = process.env;
    return { ...rest, EVERYRUN_HOME: this.home, NO_COLOR: "1" };
  }
}

export const test = base.extend<object, { ledger: string; served: Served }>({
  /** Files share a server, but for one that names a ledger of its own. */
  ledger: ["shared", { option: true, scope: "worker" }],
  served: [
    async ({ ledger }, use) => {
      const served = new Served(ledger);
      await served.start();
      await use(served);
      await served.end();
    },
    { scope: "worker" },
  ],
});

export { expect };
