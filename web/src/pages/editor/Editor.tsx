import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { get, getText } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { useSearchState } from "../../components/useSearchState";
import { EditorBody } from "./EditorBody";
import { useNodeTypes } from "./useNodeTypes";

const STARTER = `workflow: my workflow
nodes:
  hello:
    type: shell
    with: {command: "echo hello"}
`;

/** A graph that is there already, in the version that the address names, else the newest. */
export function Editor() {
  const { t } = useTranslation();
  const { name } = useParams({ from: "/workflows/$name/edit" });
  const { search } = useSearchState();
  const version = Number(search.version) || null;
  const types = useNodeTypes();
  const opened = useQuery({
    queryKey: ["editor", name, version],
    queryFn: async ({ signal }) => {
      const [workflow, file] = await Promise.all([
        get("/api/v1/workflows/{name}", { path: { name }, query: { runs: 1 }, signal }),
        getText("/api/v1/workflows/{name}/definition.yaml", {
          path: { name },
          query: version === null ? {} : { version },
          signal,
        }),
      ]);
      return { workflow, text: file.text };
    },
    // What is being edited is not read again beneath one's hands.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const error = opened.error ?? types.error;
  if (error instanceof ApiProblem && error.status === 404) {
    return <EmptyState title={t("workflow.missing")} text={error.message} />;
  }
  if (!opened.data || !types.data) {
    return error ? (
      <StaleBanner
        error={error}
        readAt={null}
        onRetry={() => {
          void opened.refetch();
          void types.refetch();
        }}
      />
    ) : (
      <Loading rows={10} />
    );
  }
  const { workflow, text } = opened.data;
  const newest = workflow.version ?? 0;
  return (
    <EditorBody
      key={`${name} ${version}`}
      name={workflow.name}
      version={newest}
      text={text}
      isOld={version !== null && version !== newest}
      lastRun={workflow.last_runs[0]?.id ?? null}
      types={types.data}
    />
  );
}

/** A graph that is yet to be saved. */
export function NewWorkflow() {
  const types = useNodeTypes();
  if (!types.data) {
    return types.error ? (
      <StaleBanner error={types.error} readAt={null} onRetry={() => void types.refetch()} />
    ) : (
      <Loading rows={10} />
    );
  }
  return (
    <EditorBody
      name={null}
      version={0}
      text={STARTER}
      isOld={false}
      lastRun={null}
      types={types.data}
    />
  );
}
