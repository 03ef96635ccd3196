import type { ScheduleDefinition } from "../api/types";
import { parseObject, pretty } from "./jsonText";
import { localInput, momentOf } from "./zones";

export const TRIGGERS = ["cron", "interval", "at"] as const;
export type TriggerType = (typeof TRIGGERS)[number];
export const UNITS = ["s", "m", "h", "d"] as const;
export type Unit = (typeof UNITS)[number];
export const CATCH_UPS = ["none", "latest", "all"] as const;

const SECONDS: Readonly<Record<Unit, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** A schedule as a form asks for it; times are local ones of its zone. */
export interface ScheduleForm {
  type: TriggerType;
  expression: string;
  every: string;
  unit: Unit;
  /** What an interval is counted from, kept as it was. */
  anchor: string | null;
  phase: number;
  moment: string;
  start: string;
  end: string;
  grace: string;
  coalesce: boolean;
  catchUp: (typeof CATCH_UPS)[number];
  input: string;
  tags: readonly string[];
}

export const NEW_SCHEDULE: ScheduleForm = {
  type: "cron",
  expression: "0 9 * * 1-5",
  every: "15",
  unit: "m",
  anchor: null,
  phase: 0,
  moment: "",
  start: "",
  end: "",
  grace: "60",
  coalesce: true,
  catchUp: "none",
  input: "",
  tags: [],
};

/** How many of which unit so many seconds are: the largest that leaves no rest. */
export function inUnits(seconds: number): { count: number; unit: Unit } {
  const unit = [...UNITS].reverse().find((each) => seconds % SECONDS[each] === 0) ?? "s";
  return { count: seconds / SECONDS[unit], unit };
}

/** The form of a definition as the ledger holds it, which leaves out what is as usual. */
export function formOf(definition: unknown, zone: string): ScheduleForm {
  const held = definition as Partial<ScheduleDefinition>;
  const { trigger } = held;
  const local = (at: string | null | undefined) => (at ? localInput(Date.parse(at), zone) : "");
  const form: ScheduleForm = {
    ...NEW_SCHEDULE,
    start: local(held.start),
    end: local(held.end),
    grace: String(held.misfire_grace ?? NEW_SCHEDULE.grace),
    coalesce: held.coalesce ?? true,
    catchUp: held.catch_up ?? "none",
    input: Object.keys(held.input ?? {}).length > 0 ? pretty(held.input) : "",
    tags: held.tags ?? [],
  };
  if (trigger?.type === "interval") {
    const { count, unit } = inUnits(trigger.every);
    const { anchor = null, phase = 0 } = trigger;
    return { ...form, type: "interval", every: String(count), unit, anchor, phase };
  }
  if (trigger?.type === "at") {
    const hasOffset = /(Z|[+-]\d\d:?\d\d)$/.test(trigger.moment);
    const moment = hasOffset ? local(trigger.moment) : trigger.moment.slice(0, 16);
    return { ...form, type: "at", moment };
  }
  return trigger ? { ...form, expression: trigger.expression } : form;
}

export type FormFault = "expression" | "every" | "moment" | "grace" | "input";

/** The definition that a form stands for, or which of its fields cannot be. */
export function definitionOf(
  form: ScheduleForm,
  zone: string,
): { definition: ScheduleDefinition } | { fault: FormFault } {
  const trigger = triggerOf(form);
  if (typeof trigger === "string") return { fault: trigger };
  const grace = Number(form.grace);
  if (form.grace.trim() === "" || !(grace >= 0)) return { fault: "grace" };
  const input = parseObject(form.input);
  if (!input.ok) return { fault: "input" };
  const moment = (local: string) => {
    const at = momentOf(local, zone);
    return at === null ? null : new Date(at).toISOString();
  };
  return {
    definition: {
      trigger,
      start: moment(form.start),
      end: moment(form.end),
      misfire_grace: grace,
      coalesce: form.coalesce,
      catch_up: form.catchUp,
      input: input.value,
      tags: [...form.tags],
    },
  };
}

function triggerOf(form: ScheduleForm): ScheduleDefinition["trigger"] | FormFault {
  if (form.type === "cron") {
    const expression = form.expression.trim();
    return expression === "" ? "expression" : { type: "cron", expression };
  }
  if (form.type === "at") {
    return form.moment === "" ? "moment" : { type: "at", moment: form.moment };
  }
  const every = Number(form.every) * SECONDS[form.unit];
  if (!(every > 0)) return "every";
  return { type: "interval", every, anchor: form.anchor, phase: form.phase };
}
