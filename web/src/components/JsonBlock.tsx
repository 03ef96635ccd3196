import { Button, CopyButton, Group, Text } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { pretty } from "../model/jsonText";
import classes from "./JsonBlock.module.css";

const MOST_SHOWN = 20_000;

/** A payload as it is on record, to read and to copy. */
export function JsonBlock({ title, value }: { title: string; value: unknown }) {
  const { t } = useTranslation();
  const [isWhole, setIsWhole] = useState(false);
  if (value === null || value === undefined) return null;
  const text = typeof value === "string" ? value : pretty(value);
  const isCut = !isWhole && text.length > MOST_SHOWN;
  return (
    <section className={classes.block}>
      <Group justify="space-between" className={classes.head}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={<IconCopy size={13} />}
              onClick={copy}
            >
              {t(copied ? "common.copied" : "common.copy")}
            </Button>
          )}
        </CopyButton>
      </Group>
      <pre className={classes.text} tabIndex={0}>
        {isCut ? text.slice(0, MOST_SHOWN) : text}
      </pre>
      {isCut ? (
        <Button size="compact-xs" variant="default" m="xs" onClick={() => setIsWhole(true)}>
          {t("common.showAll", { number: text.length.toLocaleString() })}
        </Button>
      ) : null}
    </section>
  );
}
