import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import type { WorkflowKind } from "../../api/types";

const MOST = 30;

/** One workflow by its name; the server looks for what is typed. */
export function WorkflowSelect({
  value,
  label,
  kind,
  onChange,
}: {
  value: string;
  /** What stands above it; without one it is a filter, and small. */
  label?: string;
  kind?: WorkflowKind;
  onChange: (workflow: string) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [isOpen, setIsOpen] = useState(false);
  const [wanted] = useDebouncedValue(text === value ? "" : text.trim(), 150);
  const found = useQuery({
    queryKey: ["workflows", "names", kind, wanted],
    queryFn: ({ signal }) =>
      get("/api/v1/workflows", {
        query: {
          limit: MOST,
          fields: "name",
          ...(kind === undefined ? {} : { kind }),
          ...(wanted === "" ? {} : { text: wanted }),
        },
        signal,
      }),
    enabled: isOpen,
    placeholderData: keepPreviousData,
  });
  const names = new Set((found.data?.items ?? []).map((each) => each.name));
  if (value) names.add(value);
  return (
    <Select
      {...(label === undefined
        ? { size: "xs", w: 180, "aria-label": t("filters.workflow") }
        : { label, required: true })}
      placeholder={t("filters.workflow")}
      data={[...names]}
      value={value || null}
      searchable
      clearable
      filter={({ options }) => options}
      nothingFoundMessage={t("palette.nothing")}
      onDropdownOpen={() => setIsOpen(true)}
      onSearchChange={setText}
      onChange={(workflow) => onChange(workflow ?? "")}
    />
  );
}
