import { Button, Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useFresh } from "../../api/live";
import { usePages } from "../../api/pages";
import type { VersionSummary, WorkflowDetail } from "../../api/types";
import { Ago } from "../../components/Moment";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { useSearchState } from "../../components/useSearchState";
import { VersionView } from "./VersionView";
import classes from "./Workflow.module.css";

/** The versions of a graph, and what each changed. */
export function VersionsTab({ workflow }: { workflow: WorkflowDetail }) {
  const { t } = useTranslation();
  if (workflow.version === null) {
    return <EmptyState title={t("workflow.noVersions")} text={t("workflow.noVersionsText")} />;
  }
  return <Versions name={workflow.name} newest={workflow.version} />;
}

function Versions({ name, newest }: { name: string; newest: number }) {
  const { t } = useTranslation();
  const { search, set } = useSearchState();
  const key = ["versions", name];
  const versions = usePages(key, (after, signal) =>
    get("/api/v1/workflows/{name}/versions", {
      path: { name },
      query: after,
      signal,
    }),
  );
  useFresh(["workflows"], key);
  const items = versions.data?.pages.flatMap((page) => page.items) ?? [];
  const number = Number(search.version) || newest;
  const other = Number(search.with) || number - 1;
  if (versions.isPending && !versions.error) return <Loading />;
  return (
    <>
      <StaleBanner
        error={versions.error}
        readAt={versions.data ? versions.dataUpdatedAt : null}
        onRetry={() => void versions.refetch()}
      />
      <div className={classes.versions}>
        <nav className={`panel ${classes.versionList}`} aria-label={t("workflow.tabs.versions")}>
          {items.map((each) => (
            <VersionButton
              key={each.id}
              version={each}
              isNewest={each.version === newest}
              isChosen={each.version === number}
              onChoose={() => set({ version: String(each.version), with: null })}
            />
          ))}
          {versions.hasNextPage ? (
            <Button
              size="compact-xs"
              variant="default"
              m="xs"
              onClick={() => void versions.fetchNextPage()}
            >
              {versions.isFetchingNextPage ? <Loader size="xs" /> : t("common.more")}
            </Button>
          ) : null}
        </nav>
        <VersionView
          key={`${number} ${other}`}
          name={name}
          number={number}
          other={other}
          newest={newest}
          onCompare={(version) => set({ with: version === number - 1 ? null : String(version) })}
        />
      </div>
    </>
  );
}

function VersionButton({
  version,
  isNewest,
  isChosen,
  onChoose,
}: {
  version: VersionSummary;
  isNewest: boolean;
  isChosen: boolean;
  onChoose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className={classes.version}
      aria-current={isChosen ? "true" : undefined}
      onClick={onChoose}
    >
      <strong>{t("workflow.versionNumber", { number: version.version })}</strong>
      {isNewest ? <span className={classes.newest}>{t("workflow.newest")}</span> : null}
      <span className="dim">
        <Ago at={version.created_at} />
        {version.created_by ? ` ${t("workflow.savedBy", { name: version.created_by })}` : ""}
      </span>
    </button>
  );
}
