import { pattern, say } from "./words";

type Counts = Readonly<
  Partial<Record<"completed" | "failed" | "cancelled" | "notRun" | "total", number | RegExp>>
>;

const ANY = /\d+/;
const SOME = /[1-9]\d*/;

/** How a batch is doing, of which only the counts given matter. */
export function counts(known: Counts): string | RegExp {
  return say(
    "{{completed}} completed, {{failed}} failed, {{cancelled}} cancelled, {{notRun}} not run, of {{total}}",
    { completed: ANY, failed: ANY, cancelled: ANY, notRun: ANY, total: ANY, ...known },
  );
}

export function allCompleted(total: number): string | RegExp {
  return counts({ completed: total, failed: 0, cancelled: 0, notRun: 0, total });
}

export function someCompleted(): string | RegExp {
  return counts({ completed: SOME });
}

export function someEnded(): RegExp {
  return pattern`${counts({ completed: SOME })}|${counts({ failed: SOME })}`;
}

export function someStopped(): RegExp {
  return pattern`${counts({ notRun: SOME })}|${counts({ cancelled: SOME })}`;
}
