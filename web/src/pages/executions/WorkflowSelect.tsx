import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";

const MOST = 30;

/** One workflow by its name; the server looks for what is typed. */
export function WorkflowSelect({
  value,
  onChange,
}: {
  value: string;
  onChange: (workflow: string) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [isOpen, setIsOpen] = useState(false);
  const [wanted] = useDebouncedValue(text === value ? "" : text.trim(), 150);
  const found = useQuery({
    queryKey: ["workflows", "names", wanted],
    queryFn: ({ signal }) =>
      get("/api/v1/workflows", {
        query: { limit: MOST, fields: "name", ...(wanted === "" ? {} : { text: wanted }) },
        signal,
      }),
    enabled: isOpen,
    placeholderData: keepPreviousData,
  });
  const names = new Set((found.data?.items ?? []).map((each) => each.name));
  if (value) names.add(value);
  return (
    <Select
      size="xs"
      w={180}
      placeholder={t("filters.workflow")}
      aria-label={t("filters.workflow")}
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
