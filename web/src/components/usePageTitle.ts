import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Status } from "../model/status";

/** Name the tab, and let its icon carry the status of what one looks at. */
export function usePageTitle(title: string, status: Status | null = null): void {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = title === "" ? t("brand") : `${title} · ${t("brand")}`;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (!icon) return;
    const name = status === null ? "--accent" : `--status-${status}`;
    const colour = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    icon.href = `data:image/svg+xml,${encodeURIComponent(drawing(colour, status))}`;
  }, [t, title, status]);
}

function drawing(colour: string, status: Status | null): string {
  const shape =
    status === null
      ? `<rect width="16" height="16" rx="4" fill="${colour}"/>`
      : `<circle cx="8" cy="8" r="7" fill="${colour}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${shape}</svg>`;
}
