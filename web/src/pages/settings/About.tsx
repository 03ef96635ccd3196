import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useMe } from "../../components/me";
import { Panel, Problem } from "../../components/Panel";

/** Who one is here, and what the server is. */
export function About() {
  const { t } = useTranslation();
  const me = useMe();
  const about = useQuery({
    queryKey: ["about"],
    queryFn: ({ signal }) => get("/api/v1/about", { signal }),
  });
  return (
    <Panel title={t("settings.about")}>
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
      <Problem error={about.error} />
    </Panel>
  );
}
