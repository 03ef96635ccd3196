import { Button, Group, SegmentedControl, TextInput, Title } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconPlayerTrackNext, IconPlus, IconSearch } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change, get } from "../../api/client";
import { feed } from "../../api/feed";
import { useFeedState, useFresh } from "../../api/live";
import { usePages } from "../../api/pages";
import type { WorkflowSummary } from "../../api/types";
import { ActionButton } from "../../components/ActionButton";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { useMe } from "../../components/me";
import { EmptyState, Loading, StaleBanner, useProblemText } from "../../components/States";
import { usePageTitle } from "../../components/usePageTitle";
import { useSearchState } from "../../components/useSearchState";
import { moved } from "../../model/ordering";
import { mayAct } from "../../model/rights";
import { BatchBanner } from "./BatchBanner";
import { RunDialog } from "./RunDialog";
import { WorkflowRow } from "./WorkflowRow";
import classes from "./Workflows.module.css";

const PAGE = 100;
const TYPING_PAUSE_MS = 250;
const ACTIVE = ["", "yes", "no"] as const;
const HOW_TO_SAVE = "everyrun workflow apply my_workflow.yaml";

/** Everything that runs by name, in execution order: run, switched, put in order. */
export function Workflows() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { search, set } = useSearchState();
  const problemText = useProblemText();
  usePageTitle(t("nav.workflows"));
  const [text, setText] = useState(search.text ?? "");
  const [run, setRun] = useState<WorkflowSummary | null>(null);
  const [asksAll, setAsksAll] = useState(false);
  const [dragged, setDragged] = useState<number | null>(null);
  const tell = useDebouncedCallback(
    (value: string) => set({ text: value.trim() }, false),
    TYPING_PAUSE_MS,
  );
  const active = ACTIVE.find((each) => each === search.active) ?? "";
  const query = {
    limit: PAGE,
    ...(search.text ? { text: search.text } : {}),
    ...(active === "" ? {} : { active: active === "yes" }),
  };
  const key = ["workflows", "list", JSON.stringify(query)];
  const list = usePages(key, (after, signal) =>
    get("/api/v1/workflows", {
      query: { ...query, ...after },
      signal,
    }),
  );
  useFresh(["workflows", "executions"], key);
  const { error: feedError, heardAt } = useFeedState();
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const hindrance = mayAct(me.role, "operator") ? null : "role";
  const again = () => list.refetch();
  const order = useMutation({
    mutationFn: ({ from, to }: { from: number; to: number }) => {
      const kind = rows[from]?.kind;
      const names = moved(rows, from, to)
        .filter((row) => row.kind === kind)
        .map((row) => row.name);
      return change("post", "/api/v1/workflows/order", {
        body: { workflows: names, kind: (kind ?? "graph") as "graph" },
      });
    },
    onSettled: again,
  });
  const runAll = useMutation({
    mutationFn: () => change("post", "/api/v1/batches/run-all", { body: {} }),
    onSuccess: (batch) => {
      setAsksAll(false);
      set({ batch: batch.id });
      feed.ask();
    },
  });
  const isFiltered = Boolean(search.text) || active !== "";
  const move = (from: number, to: number) => {
    if (hindrance === null && from !== to && to >= 0 && to < rows.length) {
      order.mutate({ from, to });
    }
  };
  const countActive = rows.filter((row) => row.active && row.kind === "graph").length;
  return (
    <div className={classes.page}>
      <Group justify="space-between">
        <Title order={1} size="h3">
          {t("nav.workflows")}
        </Title>
        <Group gap="xs">
          <ActionButton
            hindrance={hindrance}
            leftSection={<IconPlus size={15} />}
            onClick={() => void navigate({ to: "/workflows/-/new" })}
          >
            {t("editor.new")}
          </ActionButton>
          <ActionButton
            hindrance={hindrance}
            leftSection={<IconPlayerTrackNext size={15} />}
            onClick={() => setAsksAll(true)}
          >
            {t("workflows.runAll")}
          </ActionButton>
        </Group>
      </Group>
      {search.batch ? <BatchBanner id={search.batch} onClose={() => set({ batch: null })} /> : null}
      <search className={classes.filters}>
        <TextInput
          size="xs"
          leftSection={<IconSearch size={15} />}
          placeholder={t("workflows.text")}
          aria-label={t("workflows.text")}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            tell(event.currentTarget.value);
          }}
        />
        <SegmentedControl
          size="xs"
          aria-label={t("workflows.active")}
          data={ACTIVE.map((value) => ({
            value,
            label: t(`workflows.show.${value === "" ? "all" : value}`),
          }))}
          value={active}
          onChange={(value) => set({ active: value })}
        />
      </search>
      <StaleBanner
        error={list.error ?? feedError}
        readAt={list.data ? (heardAt ?? list.dataUpdatedAt) : null}
        onRetry={again}
      />
      {order.error ? (
        <StaleBanner error={order.error} readAt={null} onRetry={() => order.reset()} />
      ) : null}
      {list.isPending ? (
        list.error ? null : (
          <Loading rows={8} />
        )
      ) : rows.length === 0 ? (
        <EmptyState
          title={t(isFiltered ? "workflows.noneMatch" : "workflows.none")}
          text={t(isFiltered ? "workflows.noneMatchText" : "workflows.noneText")}
          {...(isFiltered ? {} : { code: HOW_TO_SAVE })}
        />
      ) : (
        <ul className={`panel ${classes.list}`} aria-label={t("nav.workflows")}>
          {rows.map((row, index) => (
            <WorkflowRow
              key={row.id}
              workflow={row}
              hindrance={hindrance}
              isOver={dragged !== null && dragged !== index}
              onRun={() => setRun(row)}
              onMove={(by) => move(index, index + by)}
              onDrag={() => setDragged(index)}
              onDrop={() => {
                if (dragged !== null) move(dragged, index);
                setDragged(null);
              }}
              onChange={again}
            />
          ))}
        </ul>
      )}
      {list.hasNextPage ? (
        <Button
          variant="default"
          size="xs"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t("common.more")}
        </Button>
      ) : null}
      {run ? <RunDialog workflow={run} onClose={() => setRun(null)} /> : null}
      {asksAll ? (
        <ConfirmDialog
          title={t("workflows.runAll")}
          text={t("workflows.runAllText", { count: countActive })}
          action={t("workflows.runAllConfirm", { count: countActive })}
          isBusy={runAll.isPending}
          isDisabled={countActive === 0}
          onConfirm={() => runAll.mutate()}
          onClose={() => setAsksAll(false)}
        >
          {runAll.error ? <span role="alert">{problemText(runAll.error)}</span> : null}
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
