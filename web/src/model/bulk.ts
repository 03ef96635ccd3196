/** What became of acting on many, one after another. */
export interface BulkState {
  done: number;
  failed: number;
  total: number;
  /** Why some could not be acted upon: words and how often they were said. */
  reasons: ReadonlyMap<string, number>;
}

export function begun(total: number): BulkState {
  return { done: 0, failed: 0, total, reasons: new Map() };
}

/** The state after one more; `reason` says why it could not be done. */
export function after(state: BulkState, reason: string | null): BulkState {
  if (reason === null) return { ...state, done: state.done + 1 };
  const reasons = new Map(state.reasons);
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return { ...state, failed: state.failed + 1, reasons };
}

/** Act on each in turn until told to stop; `tell` hears of every step. */
export async function actOnEach(
  ids: readonly string[],
  act: (id: string) => Promise<void>,
  wordsFor: (error: unknown) => string,
  tell: (state: BulkState) => void,
  signal: AbortSignal,
): Promise<BulkState> {
  let state = begun(ids.length);
  for (const id of ids) {
    if (signal.aborted) break;
    try {
      await act(id);
      state = after(state, null);
    } catch (error) {
      state = after(state, wordsFor(error));
    }
    tell(state);
  }
  return state;
}
