import { executionsIn, type Topic, topicsOf } from "../model/news";
import { Poller, type Verdict } from "../model/poller";
import { endArrival } from "./cache";
import { forgetLists, get } from "./client";
import { timers } from "./timers";

export interface News {
  topics: ReadonlySet<Topic>;
  /** Executions that are told of by name; none where everything is to be read anew. */
  executions: ReadonlySet<string>;
  isReset: boolean;
}

export interface FeedState {
  error: unknown;
  /** When the server was last heard of, in ms. */
  heardAt: number | null;
}

type Listener = (news: News) => void;

/**
 * The one thing that all open lists poll: what changed in the ledger. It is asked while anybody
 * listens, and from where it was left off.
 */
class Feed {
  private readonly listeners = new Set<Listener>();
  private readonly watchers = new Set<() => void>();
  private readonly poller = new Poller(() => this.read(), timers, 2_000);
  private cursor: string | null = null;
  private current: FeedState = { error: null, heardAt: null };

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.poller.start();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.poller.stop();
    };
  }

  /** Note where the ledger stands, before what is listened for is read; whether it could be told. */
  async begin(): Promise<boolean> {
    try {
      this.cursor ??= (await get("/api/v1/changes")).next;
      return true;
    } catch {
      return false; // the first reading has everything read anew, and says what is wrong
    }
  }

  every(intervalMs: number | null): void {
    this.poller.every(intervalMs);
  }

  show(isVisible: boolean): void {
    this.poller.show(isVisible);
  }

  ask(): void {
    if (this.listeners.size > 0) this.poller.ask();
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly state = (): FeedState => this.current;

  private async read(): Promise<Verdict> {
    try {
      const isFirst = this.cursor === null;
      const answer = await get("/api/v1/changes", {
        query: this.cursor === null ? {} : { after: this.cursor, limit: 1_000 },
      });
      this.cursor = answer.next;
      const wasDown = this.current.error !== null;
      this.set({ error: null, heardAt: Date.now() });
      const isReset = answer.reset || isFirst || wasDown;
      if (isReset || answer.items.length > 0) {
        this.tell({
          topics: topicsOf(answer.items, isReset),
          executions: executionsIn(answer.items),
          isReset,
        });
      }
      if (answer.more) this.poller.ask();
      return { settled: false, waitMs: answer.poll_after_ms };
    } catch (error) {
      this.set({ ...this.current, error });
      throw error;
    }
  }

  private tell(news: News): void {
    endArrival();
    forgetLists();
    for (const listener of [...this.listeners]) listener(news);
  }

  private set(state: FeedState): void {
    this.current = state;
    for (const watcher of this.watchers) watcher();
  }
}

export const feed = new Feed();
