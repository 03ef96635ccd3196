import { Select, SimpleGrid, Stack, Text, Title, useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useIntervalWords } from "../../components/Controls";
import { useMe } from "../../components/me";
import { prefer, usePreferences } from "../../components/preferences";
import { usePageTitle } from "../../components/usePageTitle";
import { INTERVALS, LANGUAGES, type Language } from "../../model/preferences";
import { zoneName } from "../../model/times";
import classes from "./Settings.module.css";
import { Tokens } from "./Tokens";

const SCHEMES = ["auto", "light", "dark"] as const;

/** What one chooses for this browser, and the tokens that programs come in with. */
export function Settings() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const chosen = usePreferences();
  const words = useIntervalWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  usePageTitle(t("nav.settings"));
  const about = useQuery({
    queryKey: ["about"],
    queryFn: ({ signal }) => get("/api/v1/about", { signal }),
  });
  const zones = ["local", "utc", ...Intl.supportedValuesOf("timeZone")];
  return (
    <div className={classes.page}>
      <Title order={1} size="h3">
        {t("nav.settings")}
      </Title>
      <section className={`panel ${classes.section}`}>
        <Title order={2} size="h5">
          {t("settings.browser")}
        </Title>
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
          <Select
            label={t("settings.language")}
            data={LANGUAGES.map((value) => ({ value, label: t(`settings.languages.${value}`) }))}
            value={i18n.language}
            allowDeselect={false}
            onChange={(language) => prefer({ language: language as Language })}
          />
          <Select
            label={t("settings.theme")}
            data={SCHEMES.map((value) => ({ value, label: t(`settings.themes.${value}`) }))}
            value={colorScheme}
            allowDeselect={false}
            onChange={(value) => setColorScheme(SCHEMES.find((each) => each === value) ?? "auto")}
          />
          <Select
            label={t("zone.title")}
            data={[...new Set([...zones, chosen.zone])].map((value) => ({
              value,
              label:
                value === "local"
                  ? t("zone.local", { zone: zoneName("local") })
                  : value === "utc"
                    ? t("zone.utc")
                    : value,
            }))}
            value={chosen.zone}
            searchable
            limit={200}
            allowDeselect={false}
            onChange={(zone) => prefer({ zone: zone ?? "local" })}
          />
          <Select
            label={t("refresh.title")}
            data={INTERVALS.map((value) => ({ value: String(value), label: words(value) }))}
            value={String(chosen.interval)}
            allowDeselect={false}
            onChange={(value) => prefer({ interval: Number(value) })}
          />
        </SimpleGrid>
      </section>
      <Tokens />
      <section className={`panel ${classes.section}`}>
        <Title order={2} size="h5">
          {t("settings.about")}
        </Title>
        <Stack gap={2}>
          <Text size="sm">{t("settings.you", { name: me.name, role: t(`role.${me.role}`) })}</Text>
          {about.data ? (
            <Text size="sm">
              {t("settings.server", {
                version: about.data.version,
                database: about.data.database,
                zone: about.data.timezone,
              })}
            </Text>
          ) : null}
        </Stack>
      </section>
    </div>
  );
}
