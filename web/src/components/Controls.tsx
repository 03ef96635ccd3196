import {
  ActionIcon,
  Button,
  Menu,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import {
  IconCheck,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconRefresh,
  IconSun,
  IconUser,
  IconWorld,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { change } from "../api/client";
import { feed } from "../api/feed";
import { useFeedState } from "../api/live";
import { session } from "../api/session";
import { INTERVALS } from "../model/preferences";
import { zoneLabel, zoneName } from "../model/times";
import { useMe } from "./me";
import { prefer, usePreferences } from "./preferences";
import classes from "./Shell.module.css";

export function useThemeSwitch(): () => void {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  return () => setColorScheme(scheme === "dark" ? "light" : "dark");
}

/** What holds for every page: how often to refresh, zone, language, theme, who one is. */
export function Controls() {
  return (
    <>
      <RefreshControl />
      <ZoneControl />
      <LanguageControl />
      <ThemeControl />
      <PersonControl />
    </>
  );
}

export function useIntervalWords(): (seconds: number) => string {
  const { t } = useTranslation();
  return (seconds) => (seconds === 0 ? t("refresh.off") : t("refresh.every", { count: seconds }));
}

function RefreshControl() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { interval } = usePreferences();
  const { error } = useFeedState();
  const words = useIntervalWords();
  const state = error ? "stale" : interval === 0 ? "off" : "live";
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          leftSection={<span className={classes.live} data-state={state} aria-hidden="true" />}
          aria-label={`${t("refresh.title")}: ${t(`refresh.${state}`)}, ${words(interval)}`}
        >
          <Text span size="sm" visibleFrom="sm">
            {error ? t("refresh.stale") : words(interval)}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconRefresh size={16} />}
          onClick={() => {
            feed.ask();
            void client.refetchQueries({ type: "active" });
          }}
        >
          {t("refresh.now")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t("refresh.title")}</Menu.Label>
        {INTERVALS.map((seconds) => (
          <Menu.Item
            key={seconds}
            onClick={() => prefer({ interval: seconds })}
            rightSection={seconds === interval ? <IconCheck size={14} /> : null}
          >
            {words(seconds)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ZoneControl() {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const choices = [...new Set(["local", "utc", zone])];
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Tooltip label={`${t("zone.title")}: ${zoneName(zone)}`}>
          <Button
            variant="subtle"
            color="gray"
            size="compact-md"
            leftSection={<IconWorld size={16} />}
            aria-label={`${t("zone.title")}: ${zoneLabel(Date.now(), zone)}, ${zoneName(zone)}`}
            visibleFrom="sm"
          >
            {zoneLabel(Date.now(), zone)}
          </Button>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map((choice) => (
          <Menu.Item
            key={choice}
            onClick={() => prefer({ zone: choice })}
            rightSection={choice === zone ? <IconCheck size={14} /> : null}
          >
            {choice === "local"
              ? t("zone.local", { zone: zoneName("local") })
              : choice === "utc"
                ? t("zone.utc")
                : choice}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function LanguageControl() {
  const { t, i18n } = useTranslation();
  return (
    <Tooltip label={t("controls.otherLanguage")}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t("controls.otherLanguage")}
        onClick={() => prefer({ language: i18n.language === "ko" ? "en" : "ko" })}
      >
        <IconLanguage size={18} />
      </ActionIcon>
    </Tooltip>
  );
}

function ThemeControl() {
  const { t } = useTranslation();
  const switchTheme = useThemeSwitch();
  const scheme = useComputedColorScheme("light");
  return (
    <Tooltip label={t("controls.theme")}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t("controls.theme")}
        onClick={switchTheme}
      >
        {scheme === "dark" ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}

function PersonControl() {
  const { t } = useTranslation();
  const me = useMe();
  const signOut = async (): Promise<void> => {
    await change("post", "/api/v1/logout");
    session.end();
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={me.name}>
          <IconUser size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name}
          {" · "}
          {t(`role.${me.role}`)}
        </Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t("session.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
