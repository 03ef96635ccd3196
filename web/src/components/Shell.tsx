import { ActionIcon, AppShell, Burger, Button, Group, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconAlertTriangle,
  IconCalendarClock,
  IconDatabase,
  IconFileSearch,
  IconHierarchy2,
  IconKeyboard,
  IconLayoutDashboard,
  IconPlant2,
  IconPlayerPlay,
  IconSearch,
  IconSettings,
  IconStack2,
} from "@tabler/icons-react";
import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFeedControl } from "../api/live";
import { signInAddress } from "../api/session";
import { Controls, useThemeSwitch } from "./Controls";
import { useSessionEnded } from "./me";
import { Palette } from "./Palette";
import { prefer } from "./preferences";
import classes from "./Shell.module.css";
import { Keys, ShortcutOverlay } from "./ShortcutOverlay";
import { useShortcuts } from "./shortcuts";

const PLACES = [
  { name: "dashboard", to: "/", key: "d", Icon: IconLayoutDashboard },
  { name: "executions", to: "/executions", key: "e", Icon: IconPlayerPlay },
  { name: "workflows", to: "/workflows", key: "w", Icon: IconHierarchy2 },
  { name: "batches", to: "/batches", key: "b", Icon: IconStack2 },
  { name: "celery", to: "/celery", key: "c", Icon: IconPlant2 },
  { name: "schedules", to: "/schedules", key: "s", Icon: IconCalendarClock },
  { name: "failures", to: "/failures", key: "f", Icon: IconAlertTriangle },
  { name: "logs", to: "/logs", key: "l", Icon: IconFileSearch },
  { name: "storage", to: "/storage", key: "o", Icon: IconDatabase },
  { name: "settings", to: "/settings", key: "t", Icon: IconSettings },
] as const;

/** What is around every page: where one can go, and what holds everywhere. */
export function Shell() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const pathname = useLocation({ select: (location) => location.pathname });
  const [isNavOpen, nav] = useDisclosure(false);
  const [isPaletteOpen, palette] = useDisclosure(false);
  const [isHelpOpen, help] = useDisclosure(false);
  const isLater = useLater();
  const hasEnded = useSessionEnded();
  const switchTheme = useThemeSwitch();
  useFeedControl();
  const switchLanguage = () => prefer({ language: i18n.language === "ko" ? "en" : "ko" });
  useShortcuts(t("shortcuts.everywhere"), [
    { keys: "mod+k", words: t("palette.title"), run: palette.open },
    { keys: "?", words: t("shortcuts.title"), run: help.toggle },
    ...PLACES.map(({ name, to, key }) => ({
      keys: `g ${key}`,
      words: t(`nav.${name}`),
      run: () => void navigate({ to }),
    })),
  ]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: "md", collapsed: { mobile: !isNavOpen } }}
      padding={0}
    >
      <AppShell.Header className={classes.header}>
        <a className={classes.skip} href="#main">
          {t("common.skip")}
        </a>
        <Group gap="xs" wrap="nowrap">
          <Burger
            opened={isNavOpen}
            onClick={nav.toggle}
            hiddenFrom="md"
            size="sm"
            aria-label={t("nav.menu")}
          />
          <Link to="/" className={classes.brand} aria-label={t("nav.home")}>
            <span className={classes.logo} aria-hidden="true" />
            <Text component="span" fw={700} visibleFrom="xs">
              {t("brand")}
            </Text>
          </Link>
        </Group>
        <Button
          className={classes.search}
          variant="default"
          justify="space-between"
          leftSection={<IconSearch size={15} />}
          rightSection={<Keys keys="mod+k" />}
          onClick={palette.open}
          visibleFrom="sm"
        >
          {t("palette.open")}
        </Button>
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            hiddenFrom="sm"
            onClick={palette.open}
            aria-label={t("palette.open")}
          >
            <IconSearch size={18} />
          </ActionIcon>
          <Controls />
          <Tooltip label={`${t("shortcuts.title")} (?)`}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              visibleFrom="sm"
              onClick={help.open}
              aria-label={t("shortcuts.title")}
            >
              <IconKeyboard size={18} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" className={classes.nav} aria-label={t("nav.label")}>
        {PLACES.map(({ name, to, Icon }) => (
          <Link
            key={name}
            to={to}
            className={classes.place}
            data-active={(to === "/" ? pathname === "/" : pathname.startsWith(to)) || undefined}
            onClick={nav.close}
          >
            <Icon size={18} stroke={1.7} />
            {t(`nav.${name}`)}
          </Link>
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="main" className={classes.main} tabIndex={-1}>
        {hasEnded ? (
          <div className={classes.ended} role="alert">
            <Text size="sm" fw={600}>
              {t("session.ended")}
            </Text>
            <Button size="xs" component="a" href={signInAddress(window.location)}>
              {t("session.signIn")}
            </Button>
          </div>
        ) : null}
        <Outlet />
      </AppShell.Main>
      {isLater || isPaletteOpen ? (
        <Palette
          isOpen={isPaletteOpen}
          onClose={palette.close}
          commands={[
            ...PLACES.map(({ name, to, Icon }) => ({
              key: name,
              words: t(`nav.${name}`),
              icon: <Icon size={16} />,
              run: () => void navigate({ to }),
            })),
            { key: "theme", words: t("controls.theme"), run: switchTheme },
            { key: "language", words: t("controls.otherLanguage"), run: switchLanguage },
            { key: "shortcuts", words: t("shortcuts.title"), run: help.open },
          ]}
        />
      ) : null}
      {isLater || isHelpOpen ? <ShortcutOverlay isOpen={isHelpOpen} onClose={help.close} /> : null}
    </AppShell>
  );
}

const LATER_MS = 3_000;

/** False while the page comes, true from soon after: for what is not seen at first. */
function useLater(): boolean {
  const [isLater, setIsLater] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLater(true), LATER_MS);
    return () => clearTimeout(timer);
  }, []);
  return isLater;
}
