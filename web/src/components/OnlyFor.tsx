import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Role } from "../api/types";
import { mayAct } from "../model/rights";
import { useMe } from "./me";
import { Panel } from "./Panel";

/** What is for a role alone; others read why they do not see it. */
export function OnlyFor({
  needed,
  title,
  children,
}: {
  needed: Role;
  title: string;
  children: () => ReactNode;
}) {
  const { t } = useTranslation();
  const me = useMe();
  if (mayAct(me.role, needed)) return children();
  return (
    <Panel title={title}>
      <Text size="sm" className="dim">
        {t("hindrance.role")}
      </Text>
    </Panel>
  );
}
