import { BASE, BASE_PATH } from "./base";
import type { Me } from "./types";

type Listener = () => void;

/** Whether the browser is let in, and the proof that it sends with each change. */
class Session {
  private listeners = new Set<Listener>();
  private ended = false;
  csrfToken: string | null = null;

  begin(me: Me): void {
    this.csrfToken = me.csrf_token;
    this.set(false);
  }

  end(): void {
    this.set(true);
  }

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly hasEnded = (): boolean => this.ended;

  private set(ended: boolean): void {
    if (this.ended === ended) return;
    this.ended = ended;
    for (const listener of this.listeners) listener();
  }
}

export const session = new Session();

/** Where one signs in and comes back to what is open now. */
export function signInAddress(here: Location): string {
  const path = here.pathname.slice(BASE_PATH.length) + here.search;
  return new URL(`login?next=${encodeURIComponent(path)}`, BASE).href;
}
