import { MultiSelect, NumberInput, Select, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { feed } from "../../api/feed";
import type { ExecutionCount } from "../../api/types";
import { ActionButton } from "../../components/ActionButton";
import { BulkProgress } from "../../components/BulkProgress";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { useMe } from "../../components/me";
import { Panel, Problem } from "../../components/Panel";
import { usePreferences } from "../../components/preferences";
import { StatusCounts } from "../../components/Status";
import { type BulkState, begun } from "../../model/bulk";
import { type ExecutionQuery, KINDS, NO_FILTERS, queryOf, searchOf } from "../../model/filters";
import { unlessRole } from "../../model/rights";
import { isStatus, STATUSES, type Status } from "../../model/status";
import { countOf, deleteMatching } from "../executions/bulkActions";
import { WorkflowSelect } from "../executions/WorkflowSelect";
import classes from "./Storage.module.css";

const DAY = 86_400_000;
const MINUTE = 60_000;
const OLD_DAYS = 90;
const MOST_DAYS = 36_500;
const TYPING_PAUSE_MS = 300;

/** Delete what is older than so many days and fits, after saying how many executions that are. */
export function DeleteOld({ onDeleted }: { onDeleted: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { zone } = usePreferences();
  const [days, setDays] = useState(OLD_DAYS);
  const [workflow, setWorkflow] = useState("");
  const [kind, setKind] = useState("");
  const [status, setStatus] = useState<readonly Status[]>([]);
  const [isAsked, setIsAsked] = useState(false);
  const [settledDays] = useDebouncedValue(days, TYPING_PAUSE_MS);
  const filters = useMemo(() => {
    const before = Math.floor((Date.now() - settledDays * DAY) / MINUTE) * MINUTE;
    const until = settledDays === 0 ? "" : new Date(before).toISOString();
    return { ...NO_FILTERS, until, workflow, kind, status };
  }, [settledDays, workflow, kind, status]);
  const query = queryOf(filters, Date.now(), zone);
  const count = useQuery({
    queryKey: ["storage", "count", JSON.stringify(query)],
    queryFn: ({ signal }) => countOf(query, signal),
    placeholderData: keepPreviousData,
  });
  const deletable = count.data?.deletable ?? 0;
  return (
    <Panel title={t("storage.delete")}>
      <Text size="sm" className="dim">
        {t("storage.deleteText")}
      </Text>
      <div className={classes.filters}>
        <NumberInput
          size="xs"
          w={150}
          label={t("storage.olderThan")}
          min={0}
          max={MOST_DAYS}
          value={days}
          onChange={(value) => setDays(Math.min(MOST_DAYS, Math.max(0, Number(value) || 0)))}
        />
        <WorkflowSelect value={workflow} onChange={setWorkflow} />
        <Select
          size="xs"
          w={130}
          placeholder={t("filters.kind")}
          aria-label={t("filters.kind")}
          data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={kind || null}
          onChange={(value) => setKind(value ?? "")}
          clearable
        />
        <MultiSelect
          size="xs"
          w={220}
          placeholder={status.length === 0 ? t("filters.status") : ""}
          aria-label={t("filters.status")}
          data={STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))}
          value={[...status]}
          onChange={(value) => setStatus(value.filter(isStatus))}
          clearable
        />
        <ActionButton
          hindrance={unlessRole(me.role, "admin") ?? (deletable === 0 ? "nothing" : null)}
          leftSection={<IconTrash size={14} />}
          onClick={() => setIsAsked(true)}
        >
          {t("bulk.delete.button")}
        </ActionButton>
      </div>
      <Problem error={count.error} />
      {count.data ? <Found count={count.data} search={searchOf(filters)} /> : null}
      {isAsked && count.data ? (
        <DeleteDialog
          count={count.data}
          query={query}
          onClose={(isDone) => {
            setIsAsked(false);
            if (!isDone) return;
            void count.refetch();
            onDeleted();
          }}
        />
      ) : null}
    </Panel>
  );
}

function Found({ count, search }: { count: ExecutionCount; search: ReturnType<typeof searchOf> }) {
  const { t } = useTranslation();
  const counts = new Map(
    Object.entries(count.statuses).filter((each): each is [Status, number] => isStatus(each[0])),
  );
  const number = count.count.toLocaleString();
  return (
    <Text size="sm" component="div" aria-live="polite">
      <Link to="/executions" search={search} className="link">
        {t(count.complete ? "executions.matching" : "executions.matchingAtLeast", {
          count: count.count,
          number,
        })}
      </Link>{" "}
      <StatusCounts counts={counts} />
      {count.count > count.deletable ? (
        <span className="dim">
          {" "}
          {t("bulk.delete.left", { count: count.count - count.deletable })}
        </span>
      ) : null}
    </Text>
  );
}

function DeleteDialog({
  count,
  query,
  onClose,
}: {
  count: ExecutionCount;
  query: ExecutionQuery;
  onClose: (isDone: boolean) => void;
}) {
  const { t } = useTranslation();
  const [state, setState] = useState<BulkState | null>(null);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const run = useMutation({
    mutationFn: () => {
      const tell = (done: number) => setState({ ...begun(Math.max(count.deletable, done)), done });
      return deleteMatching(query, tell, stop.current.signal);
    },
    onSettled: () => feed.ask(),
  });
  const number = count.deletable;
  return (
    <ConfirmDialog
      title={t("bulk.delete.title")}
      text={t("bulk.delete.text", { count: number, number: number.toLocaleString() })}
      action={run.isSuccess ? t("common.done") : t("bulk.delete.confirm", { count: number })}
      isDangerous={!run.isSuccess}
      isBusy={run.isPending}
      onConfirm={() => (run.isSuccess ? onClose(true) : run.mutate())}
      onClose={() => onClose(run.isSuccess)}
    >
      {count.complete ? null : (
        <Text size="sm" className="dim">
          {t("bulk.steps")}
        </Text>
      )}
      <BulkProgress state={state} />
      <Problem error={run.error} />
    </ConfirmDialog>
  );
}
