import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { JsonBlock } from "../../components/JsonBlock";
import { Loading, StaleBanner } from "../../components/States";
import classes from "./Execution.module.css";

/** The execution as the API answers it. */
export function RawTab({ execution }: { execution: string }) {
  const { t } = useTranslation();
  const raw = useQuery({
    queryKey: ["execution", execution, "raw"],
    queryFn: ({ signal }) => get("/api/v1/executions/{execution}", { path: { execution }, signal }),
    gcTime: 0,
  });
  return (
    <div className={classes.padded}>
      <StaleBanner
        error={raw.error}
        readAt={raw.data ? raw.dataUpdatedAt : null}
        onRetry={() => void raw.refetch()}
      />
      {raw.data ? <JsonBlock title={t("tabs.raw")} value={raw.data} /> : null}
      {raw.isPending ? <Loading /> : null}
    </div>
  );
}
