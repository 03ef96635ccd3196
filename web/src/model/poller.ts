/** What a poll found: whether there is an end to it, and how soon to come again at the earliest. */
export interface Verdict {
  settled: boolean;
  waitMs?: number;
}

export interface Timers {
  set(run: () => void, ms: number): number;
  clear(timer: number): void;
}

const LONGEST_WAIT_MS = 30_000;

/**
 * Asks again and again (R3.6): one request in flight, none while hidden or settled, and at once when
 * shown again or told of news. News that come during a request lead to another (R0.9-R0.11). What
 * fails is asked again after waits that double up to half a minute.
 */
export class Poller {
  private timer: number | null = null;
  private isReading = false;
  private isWanted = false;
  private isStarted = false;
  private isVisible = true;
  private isSettled = false;
  private failures = 0;

  constructor(
    private readonly read: () => Promise<Verdict>,
    private readonly timers: Timers,
    private intervalMs: number | null,
  ) {}

  start(): void {
    this.isStarted = true;
    this.ask();
  }

  stop(): void {
    this.isStarted = false;
    this.isWanted = false;
    this.forgetTimer();
  }

  /** There is something new: read it as soon as may be. */
  ask(): void {
    this.isWanted = true;
    this.proceed();
  }

  /** The chosen interval; null asks only when told to. */
  every(intervalMs: number | null): void {
    if (intervalMs === this.intervalMs) return;
    this.intervalMs = intervalMs;
    if (this.timer === null && this.isReading) return;
    this.forgetTimer();
    this.wait(0);
  }

  show(isVisible: boolean): void {
    if (isVisible === this.isVisible) return;
    this.isVisible = isVisible;
    if (!isVisible) this.forgetTimer();
    else if (this.intervalMs !== null && !this.isSettled) this.ask();
    else this.proceed();
  }

  private proceed(): void {
    if (!this.isStarted || !this.isWanted || !this.isVisible || this.isReading) return;
    this.forgetTimer();
    void this.readOnce();
  }

  private async readOnce(): Promise<void> {
    this.isWanted = false;
    this.isReading = true;
    let waitMs = 0;
    try {
      const verdict = await this.read();
      this.failures = 0;
      this.isSettled = verdict.settled;
      waitMs = verdict.waitMs ?? 0;
    } catch {
      // Whoever reads shows what went wrong; here it only decides when to come again.
      this.failures += 1;
      this.isSettled = false;
      waitMs = Math.min((this.intervalMs ?? 0) * 2 ** this.failures, LONGEST_WAIT_MS);
    }
    this.isReading = false;
    if (this.isWanted) this.proceed();
    else this.wait(waitMs);
  }

  private wait(leastMs: number): void {
    const mayWait = this.isStarted && this.isVisible && !this.isReading && !this.isSettled;
    if (!mayWait || this.intervalMs === null || this.timer !== null) return;
    this.timer = this.timers.set(
      () => {
        this.timer = null;
        this.ask();
      },
      Math.max(this.intervalMs, leastMs),
    );
  }

  private forgetTimer(): void {
    if (this.timer !== null) this.timers.clear(this.timer);
    this.timer = null;
  }
}
