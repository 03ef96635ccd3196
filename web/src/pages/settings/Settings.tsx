import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PageFrame } from "../../components/PageFrame";
import { usePageTitle } from "../../components/usePageTitle";
import { useSearchState } from "../../components/useSearchState";
import { About } from "./About";
import { Audit } from "./Audit";
import { OwnPassword } from "./OwnPassword";
import { Sessions } from "./Sessions";
import classes from "./Settings.module.css";
import { ThisBrowser } from "./ThisBrowser";
import { Tokens } from "./Tokens";
import { Users } from "./Users";

const TABS = ["yours", "tokens", "users", "sessions", "audit"] as const;

/** What one chooses for this browser, who and what may come in, and who did what. */
export function Settings() {
  const { t } = useTranslation();
  const { search, set } = useSearchState();
  usePageTitle(t("nav.settings"));
  const tab = TABS.find((each) => each === search.tab) ?? "yours";
  const body = {
    yours: () => (
      <>
        <ThisBrowser />
        <OwnPassword />
        <About />
      </>
    ),
    tokens: () => <Tokens />,
    users: () => <Users />,
    sessions: () => <Sessions />,
    audit: () => <Audit />,
  };
  return (
    <PageFrame title={t("nav.settings")}>
      <Tabs
        value={tab}
        onChange={(value) => set({ tab: value === "yours" ? null : value })}
        keepMounted={false}
      >
        <Tabs.List className={classes.tabs ?? ""}>
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`settings.tabs.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} className={classes.panel ?? ""}>
          {body[tab]()}
        </Tabs.Panel>
      </Tabs>
    </PageFrame>
  );
}
