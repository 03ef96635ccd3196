import { Title } from "@mantine/core";
import { Fragment, type ReactNode, useId } from "react";
import type { Status } from "../model/status";
import classes from "./Panel.module.css";
import { useProblemText } from "./States";

/** A part of a page with a title of its own. */
export function Panel({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={`panel ${classes.panel}`} aria-labelledby={id}>
      <div className={classes.head}>
        <Title order={2} size="h5" id={id}>
          {title}
        </Title>
        {aside}
      </div>
      {children}
    </section>
  );
}

export type Fact = readonly [name: string, value: ReactNode];

/** Names and what they are; what is nothing is left out. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) =>
        value === null || value === undefined || value === "" ? (
          <Fragment key={name} />
        ) : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** A word that stands out, in the colour of a status that it is like, with an icon. */
export function Pill({ like, icon, words }: { like: Status; icon?: ReactNode; words: string }) {
  return (
    <span className={classes.pill} data-status={like}>
      {icon}
      {words}
    </span>
  );
}

/** Why something that was asked for was not done, in the server's words. */
export function Problem({ error }: { error: unknown }) {
  const problemText = useProblemText();
  if (!error) return null;
  return (
    <div className={classes.problem} role="alert">
      {problemText(error)}
    </div>
  );
}
