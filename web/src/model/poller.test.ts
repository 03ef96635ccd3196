import { beforeEach, describe, expect, test, vi } from "vitest";
import { Poller, type Verdict } from "./poller";
import { Trailing } from "./trailing";

const timers = {
  set: (run: () => void, ms: number) => Number(setTimeout(run, ms)),
  clear: (timer: number) => clearTimeout(timer),
};

function pollerOf(verdict: () => Promise<Verdict>, intervalMs: number | null = 2_000) {
  const read = vi.fn(verdict);
  return { read, poller: new Poller(read, timers, intervalMs) };
}

const open = async (): Promise<Verdict> => ({ settled: false });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  // Timers answer objects in Node; numbers, as browsers answer, are what is counted on here.
  return () => vi.useRealTimers();
});

describe("Poller", () => {
  test("reads at once, then at every interval", async () => {
    const { read, poller } = pollerOf(open);
    poller.start();
    await vi.advanceTimersByTimeAsync(4_000);

    expect(read).toHaveBeenCalledTimes(3);
  });

  test("has one request in flight, and grants what came during it", async () => {
    let answer: (verdict: Verdict) => void = () => undefined;
    const { read, poller } = pollerOf(() => new Promise((resolve) => (answer = resolve)));
    poller.start();
    poller.ask();
    poller.ask();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(read).toHaveBeenCalledTimes(1);

    answer({ settled: true });
    await vi.advanceTimersByTimeAsync(0);

    expect(read).toHaveBeenCalledTimes(2);
  });

  test("rests while hidden and catches up when shown", async () => {
    const { read, poller } = pollerOf(open);
    poller.start();
    await vi.advanceTimersByTimeAsync(0);
    poller.show(false);
    poller.ask();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).toHaveBeenCalledTimes(1);

    poller.show(true);
    await vi.advanceTimersByTimeAsync(0);

    expect(read).toHaveBeenCalledTimes(2);
  });

  test("ends when settled, and still reads news", async () => {
    const { read, poller } = pollerOf(async () => ({ settled: true }));
    poller.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).toHaveBeenCalledTimes(1);

    poller.show(false);
    poller.show(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(read).toHaveBeenCalledTimes(1);

    poller.ask();
    await vi.advanceTimersByTimeAsync(0);

    expect(read).toHaveBeenCalledTimes(2);
  });

  test("waits longer where the server says so", async () => {
    const { read, poller } = pollerOf(async () => ({ settled: false, waitMs: 5_000 }));
    poller.start();
    await vi.advanceTimersByTimeAsync(4_999);
    expect(read).toHaveBeenCalledTimes(1);

    await vi.advanceTimersByTimeAsync(1);

    expect(read).toHaveBeenCalledTimes(2);
  });

  test("goes on after failures, ever more slowly", async () => {
    const { read, poller } = pollerOf(() => Promise.reject(new Error("down")));
    poller.start();
    await vi.advanceTimersByTimeAsync(3_999);
    expect(read).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(read).toHaveBeenCalledTimes(2);

    await vi.advanceTimersByTimeAsync(8_000);

    expect(read).toHaveBeenCalledTimes(3);
  });

  test("asks only when told to while the interval is off, and takes up another", async () => {
    const { read, poller } = pollerOf(open, null);
    poller.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).toHaveBeenCalledTimes(1);

    poller.every(1_000);
    await vi.advanceTimersByTimeAsync(1_000);

    expect(read).toHaveBeenCalledTimes(2);
  });

  test("stops for good", async () => {
    const { read, poller } = pollerOf(open);
    poller.start();
    await vi.advanceTimersByTimeAsync(0);
    poller.stop();
    await vi.advanceTimersByTimeAsync(60_000);

    expect(read).toHaveBeenCalledTimes(1);
  });
});

describe("Trailing", () => {
  test("grants many wishes of one run by one more", async () => {
    const ends: (() => void)[] = [];
    const run = vi.fn(() => new Promise<void>((resolve) => ends.push(resolve)));
    const trailing = new Trailing(run);
    void trailing.ask();
    void trailing.ask();
    void trailing.ask();
    ends[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    ends[1]?.();
    await vi.advanceTimersByTimeAsync(0);

    expect(run).toHaveBeenCalledTimes(2);
  });

  test("runs again after a failure", async () => {
    const run = vi.fn(() => Promise.reject(new Error("down")));
    const trailing = new Trailing(run);
    await expect(trailing.ask()).rejects.toThrow("down");
    await expect(trailing.ask()).rejects.toThrow("down");

    expect(run).toHaveBeenCalledTimes(2);
  });
});
