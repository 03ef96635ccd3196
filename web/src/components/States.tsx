import {
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  Skeleton,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { IconAlertTriangle, IconCopy, IconPlugConnectedX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../api/problem";
import { Ago } from "./Moment";
import classes from "./States.module.css";

/** What went wrong, in the server's words where it has some. */
export function useProblemText(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (error instanceof ApiProblem) {
      return error.detail && error.detail !== error.title
        ? `${error.title} — ${error.detail}`
        : error.title;
    }
    return t("problem.unreachable");
  };
}

/** Says that reading failed, and from when what is shown is. Never zeros (R1.10). */
export function StaleBanner({
  error,
  readAt,
  onRetry,
}: {
  error: unknown;
  readAt: number | null;
  onRetry: () => void;
}) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  if (!error) return null;
  return (
    <Alert
      role="alert"
      className={classes.alert}
      variant="outline"
      color="orange"
      icon={<IconPlugConnectedX />}
      title={t(readAt ? "problem.stale" : "problem.failed")}
    >
      <Group justify="space-between">
        <Text size="sm">
          {problemText(error)}
          {readAt ? (
            <>
              {" · "}
              {t("problem.shownFrom")} <Ago at={new Date(readAt).toISOString()} />
            </>
          ) : null}
        </Text>
        <Button size="xs" variant="default" onClick={onRetry}>
          {t("problem.retry")}
        </Button>
      </Group>
    </Alert>
  );
}

/** What to do where there is nothing yet, with a line to copy. */
export function EmptyState({
  title,
  text,
  code,
  children,
}: {
  title: string;
  text?: string;
  code?: string;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Stack className={classes.empty} align="center" gap="sm">
      <Title order={2} size="h4">
        {title}
      </Title>
      {text ? <Text className="dim">{text}</Text> : null}
      {code ? (
        <div className={classes.code}>
          <Code block className={classes.block}>
            {code}
          </Code>
          <CopyButton value={code}>
            {({ copied, copy }) => (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconCopy size={14} />}
                onClick={copy}
              >
                {t(copied ? "common.copied" : "common.copy")}
              </Button>
            )}
          </CopyButton>
        </div>
      ) : null}
      {children}
    </Stack>
  );
}

export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" p="md" role="status" aria-label={t("common.loading")}>
      {Array.from({ length: rows }, (_, row) => `row-${row}`).map((key) => (
        <Skeleton key={key} height={22} radius="sm" />
      ))}
    </Stack>
  );
}

/** An error of one run, whole. */
export function ErrorText({ type, text }: { type?: string | null; text: string }) {
  return (
    <div className={classes.error}>
      <IconAlertTriangle size={18} aria-hidden="true" />
      <div className={classes.words}>
        {type ? <strong>{type}</strong> : null}
        <div className={classes.pre}>{text}</div>
      </div>
    </div>
  );
}
