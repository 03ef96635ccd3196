import { Skeleton, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { StaleBanner } from "../../components/States";
import classes from "./Dashboard.module.css";

/** One panel of the dashboard: a title, what it holds, or what to say where there is nothing. */
export function Section({
  title,
  none,
  isPending,
  isBare,
  error,
  onRetry,
  aside,
  children,
}: {
  title: string;
  none: string;
  isPending: boolean;
  isBare: boolean;
  error: unknown;
  onRetry: () => void;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={`panel ${classes.section}`} aria-labelledby={id}>
      <div className={classes.panelHead}>
        <Title order={2} size="h5" id={id}>
          {title}
        </Title>
        {aside}
      </div>
      {error && isPending ? (
        <StaleBanner error={error} readAt={null} onRetry={onRetry} />
      ) : isPending ? (
        <Skeleton height={120} />
      ) : isBare ? (
        <Text size="sm" className="dim">
          {none}
        </Text>
      ) : (
        children
      )}
    </section>
  );
}
