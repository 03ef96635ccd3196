import { useBlocker, useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { useMe } from "../../components/me";
import { useShortcuts } from "../../components/shortcuts";
import { usePageTitle } from "../../components/usePageTitle";
import { useSearchState } from "../../components/useSearchState";
import { graphOfDraft } from "../../model/editing/draft";
import { byNode, edgesOnCycles } from "../../model/editing/problems";
import { colouredBy } from "../../model/graph";
import { mayAct } from "../../model/rights";
import { statusOf } from "../../model/status";
import { useExecution } from "../execution/useExecution";
import { RunDialog } from "../workflows/RunDialog";
import { ConflictDialog } from "./ConflictDialog";
import { Canvas } from "./canvas/Canvas";
import classes from "./Editor.module.css";
import { EditorBar } from "./EditorBar";
import { EdgeForm } from "./forms/EdgeForm";
import { NodeForm } from "./forms/NodeForm";
import { WorkflowForm } from "./forms/WorkflowForm";
import { ProblemStrip } from "./ProblemStrip";
import { useDraft } from "./useDraft";
import type { NodeTypes } from "./useNodeTypes";
import { useSave } from "./useSave";
import { type Jump, YamlPane } from "./yaml/YamlPane";

const VIEWS = ["both", "canvas", "yaml"] as const;
export type View = (typeof VIEWS)[number];

/** The editor: canvas, form and text of one definition, checked while it is edited. */
export function EditorBody({
  name,
  version,
  text: initial,
  isOld,
  lastRun,
  types,
}: {
  /** Null for a graph that is yet to be saved. */
  name: string | null;
  version: number;
  text: string;
  isOld: boolean;
  lastRun: string | null;
  types: NodeTypes;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { search, set } = useSearchState();
  const hindrance = mayAct(me.role, "operator") ? null : "role";
  const drafting = useDraft(initial, hindrance === null);
  const { text, draft, problems, edit } = drafting;
  const saving = useSave(name, version, initial);
  const { save } = saving;
  const [edge, setEdge] = useState<string | null>(null);
  const [asksRun, setAsksRun] = useState(false);
  const [jump, setJump] = useState<Jump | null>(null);
  const run = useExecution(search.run ?? null);
  const ran = run.data?.nodes;
  const view: View = VIEWS.find((each) => each === search.view) ?? "both";
  const chosen = search.node && draft.byKey.has(search.node) ? search.node : null;
  const isChanged = text !== saving.saved;
  const isSavable = isChanged || isOld || name === null;
  const isWrong = problems.length > 0 || !drafting.isReadable;
  usePageTitle(t("editor.title", { workflow: name ?? draft.name }), run.status);
  const graph = useMemo(() => {
    const plain = graphOfDraft(draft);
    return ran ? colouredBy(plain, ran) : plain;
  }, [draft, ran]);
  const marks = useMemo(() => byNode(problems), [problems]);
  const cycles = useMemo(() => edgesOnCycles(problems, graph.edges), [problems, graph]);
  const choose = (node: string | null) => {
    setEdge(null);
    set({ node }, false);
  };
  const chosenEdge = edge === null ? null : (graph.edges.find((each) => each.id === edge) ?? null);
  const saveNow = (onSaved?: () => void) =>
    save.mutate({ text, as: draft.name }, { onSuccess: () => onSaved?.() });
  const runNow = () => (isSavable ? saveNow(() => setAsksRun(true)) : setAsksRun(true));
  useShortcuts(t("editor.keys.title"), [
    {
      keys: "mod+s",
      words: t("editor.save"),
      run: () => {
        if (isSavable && !isWrong && hindrance === null) saveNow();
      },
    },
    { keys: "mod+z", words: t("editor.undo"), leavesTyping: true, run: drafting.undo },
    { keys: "mod+y", words: t("editor.redo"), leavesTyping: true, run: drafting.redo },
  ]);
  const isNewlySaved = name === null && saving.base > 0;
  useEffect(() => {
    if (!isNewlySaved) return;
    void navigate({
      to: "/workflows/$name/edit",
      params: { name: draft.name },
      replace: true,
      ignoreBlocker: true,
    });
  }, [isNewlySaved, navigate, draft.name]);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: isChanged,
    withResolver: true,
  });
  return (
    <div className={classes.editor} data-view={view}>
      <EditorBar
        name={name}
        title={name ?? draft.name}
        version={saving.base}
        isChanged={isChanged}
        isSavable={isSavable}
        isWrong={isWrong}
        hindrance={hindrance}
        drafting={drafting}
        save={save}
        view={view}
        run={run.data ? { id: run.data.id, status: statusOf(run.data.status) } : null}
        onView={(next) => set({ view: next === "both" ? null : next })}
        onSave={() => saveNow()}
        onRun={runNow}
        onLeaveRun={() => set({ run: null }, false)}
      />
      <div className={classes.panes}>
        {view === "yaml" ? null : (
          <Canvas
            graph={graph}
            draft={draft}
            types={types}
            marks={marks}
            cycles={cycles}
            chosen={chosen}
            chosenEdge={edge}
            isFixed={hindrance !== null || !drafting.isReadable}
            onChoose={choose}
            onChooseEdge={(id) => {
              set({ node: null }, false);
              setEdge(id);
            }}
            onEdit={edit}
          />
        )}
        <div className={classes.side}>
          {view === "yaml" ? null : (
            <section className={classes.form} aria-label={t("editor.form")}>
              {chosenEdge ? (
                <EdgeForm
                  edge={chosenEdge}
                  draft={draft}
                  isFixed={hindrance !== null}
                  onEdit={edit}
                  onChoose={setEdge}
                />
              ) : chosen === null ? (
                <WorkflowForm
                  draft={draft}
                  isNamed={name === null}
                  problems={marks.get("") ?? []}
                  isFixed={hindrance !== null}
                  onEdit={edit}
                />
              ) : (
                <NodeForm
                  key={chosen}
                  nodeKey={chosen}
                  draft={draft}
                  types={types}
                  problems={marks.get(chosen) ?? []}
                  run={search.run ?? lastRun}
                  ran={run.data ?? null}
                  isFixed={hindrance !== null}
                  onEdit={edit}
                  onChoose={choose}
                />
              )}
            </section>
          )}
          {view === "canvas" ? null : (
            <YamlPane
              text={text}
              draft={draft}
              problems={problems}
              jump={jump}
              isFixed={hindrance !== null}
              onType={drafting.type}
              onUndo={drafting.undo}
              onRedo={drafting.redo}
            />
          )}
        </div>
      </div>
      <ProblemStrip
        drafting={drafting}
        isHeld={hindrance !== null}
        onOpen={(problem) => {
          if (problem.node) choose(problem.node);
          setJump({ line: problem.line ?? 1, column: problem.column ?? 1, at: Date.now() });
        }}
      />
      {asksRun ? (
        <RunDialog
          workflow={{
            id: name ?? draft.name,
            name: name ?? draft.name,
            version: saving.base,
            last_run: lastRun === null ? null : { id: lastRun },
          }}
          onClose={() => setAsksRun(false)}
          onStarted={(id) => set({ run: id })}
        />
      ) : null}
      {saving.conflict ? (
        <ConflictDialog
          name={name ?? draft.name}
          base={saving.base}
          conflict={saving.conflict}
          text={text}
          isBusy={save.isPending}
          onKeep={(over) => save.mutate({ text, as: draft.name, over })}
          onTake={(theirs) => {
            edit(() => theirs.text);
            saving.resolve(theirs);
          }}
          onClose={() => saving.resolve()}
        />
      ) : null}
      {blocker.status === "blocked" ? (
        <ConfirmDialog
          title={t("editor.leaveTitle")}
          text={t("editor.leaveText")}
          action={t("editor.leave")}
          isDangerous
          onConfirm={() => blocker.proceed()}
          onClose={() => blocker.reset()}
        />
      ) : null}
    </div>
  );
}
