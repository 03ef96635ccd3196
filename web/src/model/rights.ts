import type { Role } from "../api/types";
import { isSettled, type Status } from "./status";

const RANKS: Readonly<Record<Role, number>> = { ingest: 0, viewer: 1, operator: 2, admin: 3 };

/** The roles that people have; the other is for programs. */
export const PEOPLES_ROLES = ["viewer", "operator", "admin"] as const satisfies readonly Role[];

export function mayAct(role: Role, needed: Role): boolean {
  return RANKS[role] >= RANKS[needed];
}

/** Why an action cannot be done; null when it can. The words are in the catalogues. */
export type Hindrance =
  | "role"
  | "settled"
  | "unsettled"
  | "foreign"
  | "invalid"
  | "unchanged"
  | "stopping"
  | "nothing"
  | null;

interface Acted {
  status: Status;
  /** Whether Everyrun's own engine runs it: what was only recorded is run by somebody else. */
  isOwn: boolean;
}

export function mayCancel(role: Role, execution: Acted): Hindrance {
  if (!mayAct(role, "operator")) return "role";
  if (!execution.isOwn) return "foreign";
  return isSettled(execution.status) ? "settled" : null;
}

export function mayRerun(role: Role, execution: Acted): Hindrance {
  if (!mayAct(role, "operator")) return "role";
  if (!execution.isOwn) return "foreign";
  return isSettled(execution.status) || execution.status === "lost" ? null : "unsettled";
}

export function mayDelete(role: Role, execution: Acted): Hindrance {
  if (!mayAct(role, "admin")) return "role";
  return isSettled(execution.status) || execution.status === "lost" ? null : "unsettled";
}

/** For what asks for a role and nothing else. */
export function unlessRole(role: Role, needed: Role): Hindrance {
  return mayAct(role, needed) ? null : "role";
}
