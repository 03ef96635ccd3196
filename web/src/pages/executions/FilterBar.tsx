import { Button, CloseButton, MultiSelect, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconFilter, IconSearch } from "@tabler/icons-react";
import { memo, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { CommittedText } from "../../components/CommittedText";
import { useTriggerWord } from "../../components/useTriggerWord";
import {
  countFilters,
  type Filters,
  KINDS,
  RANGES,
  type Range,
  sameFilters,
  TRIGGERS,
} from "../../model/filters";
import { isStatus, STATUSES } from "../../model/status";
import classes from "./Executions.module.css";
import { WorkflowSelect } from "./WorkflowSelect";

const TYPING_PAUSE_MS = 250;

/** Filters that combine; each changes the address, and the server does the rest. */
export const FilterBar = memo(function Bar({
  filters,
  onChange,
  onClear,
}: {
  filters: Filters;
  onChange: (changes: Partial<Filters>) => void;
  onClear: () => void;
}) {
  const { t } = useTranslation();
  const triggerWord = useTriggerWord();
  const [text, setText] = useState(filters.text);
  const [isOpened, setIsOpened] = useState(false);
  const { kind, trigger, tag, batch, parent } = filters;
  const hasMore = isOpened || Boolean(kind || trigger || tag || batch || parent);
  const own = useRef<Filters | null>(null);
  const tell = (changes: Partial<Filters>) => {
    own.current = { ...filters, ...changes };
    onChange(changes);
  };
  const tellText = useDebouncedCallback(
    (value: string) => tell({ text: value.trim() }),
    TYPING_PAUSE_MS,
  );
  const change = (changes: Partial<Filters>) => {
    tellText.cancel();
    tell({ text: text.trim(), ...changes });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: when others change the filters, a view or Back
  useEffect(() => {
    if (own.current && sameFilters(own.current, filters)) return;
    tellText.cancel();
    setText(filters.text);
  }, [filters]);
  const count = countFilters(filters);
  return (
    <search className={classes.filters}>
      <TextInput
        id="execution-text"
        className={classes.text ?? ""}
        size="xs"
        leftSection={<IconSearch size={15} />}
        placeholder={t("filters.text")}
        aria-label={t("filters.text")}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          tellText(event.currentTarget.value);
        }}
        rightSection={
          text === "" ? null : (
            <CloseButton
              size="xs"
              aria-label={t("common.clear")}
              onClick={() => {
                setText("");
                change({ text: "" });
              }}
            />
          )
        }
      />
      <WorkflowSelect value={filters.workflow} onChange={(workflow) => change({ workflow })} />
      <MultiSelect
        size="xs"
        w={190}
        placeholder={filters.status.length === 0 ? t("filters.status") : ""}
        aria-label={t("filters.status")}
        data={STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))}
        value={[...filters.status]}
        onChange={(status) => change({ status: status.filter(isStatus) })}
        clearable
      />
      <Select
        size="xs"
        w={150}
        placeholder={t("filters.range")}
        aria-label={t("filters.range")}
        data={RANGES.map((value) => ({ value, label: t(`range.${value}`) }))}
        value={filters.range || null}
        onChange={(range) => change({ range: (range as Range | null) ?? "", since: "", until: "" })}
        clearable
      />
      {hasMore ? (
        <>
          <Select
            size="xs"
            w={130}
            placeholder={t("filters.kind")}
            aria-label={t("filters.kind")}
            data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
            value={filters.kind || null}
            onChange={(kind) => change({ kind: kind ?? "" })}
            clearable
          />
          <Select
            size="xs"
            w={130}
            placeholder={t("filters.trigger")}
            aria-label={t("filters.trigger")}
            data={[...new Set([...TRIGGERS, filters.trigger])]
              .filter(Boolean)
              .map((value) => ({ value, label: triggerWord(value) }))}
            value={filters.trigger || null}
            onChange={(trigger) => change({ trigger: trigger ?? "" })}
            clearable
          />
          <CommittedText
            label={t("filters.tag")}
            value={filters.tag}
            onCommit={(tag) => change({ tag })}
          />
          <CommittedText
            label={t("filters.batch")}
            value={filters.batch}
            onCommit={(batch) => change({ batch })}
          />
        </>
      ) : (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconFilter size={14} />}
          onClick={() => setIsOpened(true)}
        >
          {t("filters.more")}
        </Button>
      )}
      {count > 0 ? (
        <Button size="xs" variant="subtle" onClick={onClear}>
          {t("filters.clear", { count })}
        </Button>
      ) : null}
    </search>
  );
});
