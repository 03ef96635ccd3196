import { Alert, Code, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

const HOW_TO_RUN = "everyrun scheduler";

/** Says that nothing starts by itself, for no scheduler runs, and how to run one. */
export function Unserved() {
  const { t } = useTranslation();
  return (
    <Alert
      variant="outline"
      color="orange"
      icon={<IconAlertTriangle />}
      title={t("schedules.unserved")}
    >
      <Text size="sm">
        {t("schedules.unservedText")} <Code>{HOW_TO_RUN}</Code>
      </Text>
    </Alert>
  );
}
