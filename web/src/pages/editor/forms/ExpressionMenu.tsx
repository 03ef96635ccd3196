import { ActionIcon, Menu, Text } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../../api/client";
import type { Expression } from "../../../model/editing/expressions";
import { valueAt } from "../../../model/editing/lastValues";
import classes from "../Editor.module.css";

const MOST_VALUES = 12;
const MOST_SHOWN = 60;

/** What a template may read here, each with the value that it had in the last run. */
export function ExpressionMenu({
  expressions,
  run,
  onInsert,
}: {
  expressions: readonly Expression[];
  run: string | null;
  onInsert: (expression: string) => void;
}) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Menu opened={isOpen} onChange={setIsOpen} position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t("editor.insert")}>
          <IconBraces size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={classes.expressions ?? ""}>
        {expressions.length === 0 ? <Menu.Label>{t("editor.nothingToInsert")}</Menu.Label> : null}
        {expressions.map((each, index) => (
          <Menu.Item key={each.text} onClick={() => onInsert(each.text)}>
            <span className="mono">{each.text}</span>
            {isOpen && run !== null && index < MOST_VALUES ? (
              <LastValue expression={each} run={run} />
            ) : null}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function LastValue({ expression, run }: { expression: Expression; run: string }) {
  const node = expression.of === "node" ? (expression.text.split(".")[1] ?? null) : null;
  const isInput = expression.of === "input";
  const value = useQuery({
    queryKey: ["last-value", run, expression.text],
    queryFn: async ({ signal }) => {
      if (node !== null) {
        const path = { execution: run, node };
        const { output } = await get("/api/v1/executions/{execution}/nodes/{node}", {
          path,
          signal,
        });
        return { is: output };
      }
      const { input } = await get("/api/v1/executions/{execution}", {
        path: { execution: run },
        query: { fields: "input" },
        signal,
      });
      return { is: valueAt(input, expression.text.split(".").slice(1)) };
    },
    enabled: node !== null || isInput,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!value.data) return null;
  return (
    <Text size="xs" className="dim cut">
      {(JSON.stringify(value.data.is) ?? "").slice(0, MOST_SHOWN)}
    </Text>
  );
}
