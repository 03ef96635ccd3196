import { Select, SimpleGrid, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useIntervalWords } from "../../components/Controls";
import { Panel } from "../../components/Panel";
import { prefer, usePreferences } from "../../components/preferences";
import { INTERVALS, LANGUAGES, type Language } from "../../model/preferences";
import { zoneName } from "../../model/times";

const SCHEMES = ["auto", "light", "dark"] as const;

/** Language, theme, zone and refresh, as this browser keeps them. */
export function ThisBrowser() {
  const { t, i18n } = useTranslation();
  const chosen = usePreferences();
  const words = useIntervalWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const zones = ["local", "utc", ...Intl.supportedValuesOf("timeZone")];
  const zoneWords = (zone: string) => {
    if (zone === "local") return t("zone.local", { zone: zoneName("local") });
    return zone === "utc" ? t("zone.utc") : zone;
  };
  return (
    <Panel title={t("settings.browser")}>
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
            label: zoneWords(value),
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
    </Panel>
  );
}
