import {
  IconCalendarEvent,
  IconFlagCheck,
  IconPlayerPauseFilled,
  IconPower,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Pill } from "../../components/Panel";
import type { Status } from "../../model/status";

const STATES = {
  active: { like: "completed", Icon: IconCalendarEvent },
  paused: { like: "retrying", Icon: IconPlayerPauseFilled },
  over: { like: "skipped", Icon: IconFlagCheck },
  off: { like: "cancelled", Icon: IconPower },
} as const satisfies Record<string, { like: Status; Icon: unknown }>;

/** Whether a schedule goes on. */
export function StateBadge({ state }: { state: string }) {
  const { t } = useTranslation();
  const known = state in STATES ? (state as keyof typeof STATES) : "active";
  const { like, Icon } = STATES[known];
  return (
    <Pill
      like={like}
      icon={<Icon size={13} aria-hidden="true" />}
      words={t(`schedules.state.${known}`)}
    />
  );
}
