import { SimpleGrid, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ExecutionDetail } from "../../api/types";
import { JsonBlock } from "../../components/JsonBlock";
import { EmptyState } from "../../components/States";

/** What went in, what came out, what it was told beside, and how it broke. */
export function DataTab({ execution }: { execution: ExecutionDetail }) {
  const { t } = useTranslation();
  const { input, output, context, metadata, error_traceback: traceback } = execution;
  const isBare = input === null && output === null && !traceback && isEmpty(context);
  if (isBare && isEmpty(metadata)) return <EmptyState title={t("data.none")} />;
  return (
    <Stack p="md">
      <JsonBlock title={t("data.traceback")} value={traceback} />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <JsonBlock title={t("data.input")} value={input} />
        <JsonBlock title={t("data.output")} value={output} />
        <JsonBlock title={t("data.context")} value={isEmpty(context) ? null : context} />
        <JsonBlock title={t("data.metadata")} value={isEmpty(metadata) ? null : metadata} />
      </SimpleGrid>
    </Stack>
  );
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
