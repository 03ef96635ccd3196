import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../components/States";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <EmptyState title={t("notFound.title")} text={t("notFound.text")}>
      <Button component={Link} to="/">
        {t("nav.dashboard")}
      </Button>
    </EmptyState>
  );
}
