import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PageFrame } from "../../components/PageFrame";
import { usePageTitle } from "../../components/usePageTitle";
import { useSearchState } from "../../components/useSearchState";
import { Canvases } from "./Canvases";
import { Tasks } from "./Tasks";
import { Workers } from "./Workers";

const TABS = ["canvases", "tasks", "workers"] as const;

/** What Celery runs: its canvases, each of them one execution, how its tasks fare, and its workers. */
export function Celery() {
  const { t } = useTranslation();
  const { search, replaceAll } = useSearchState();
  usePageTitle(t("nav.celery"));
  const tab = TABS.find((each) => each === search.tab) ?? "canvases";
  const body = { canvases: () => <Canvases />, tasks: () => <Tasks />, workers: () => <Workers /> };
  return (
    <PageFrame title={t("nav.celery")}>
      <Tabs
        value={tab}
        onChange={(value) => replaceAll(value && value !== "canvases" ? { tab: value } : {})}
        keepMounted={false}
      >
        <Tabs.List>
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`celery.tabs.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} pt="sm">
          {body[tab]()}
        </Tabs.Panel>
      </Tabs>
    </PageFrame>
  );
}
