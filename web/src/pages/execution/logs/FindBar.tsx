import { ActionIcon, Button, Group, Loader, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp, IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Ago } from "../../../components/Moment";
import { useProblemText } from "../../../components/States";
import classes from "./Log.module.css";
import type { useFind } from "./useFind";

const TYPING_PAUSE_MS = 250;

/** Finding in the whole log: Enter goes to what is older, Shift-Enter to what is newer. */
export function FindBar({
  text,
  find,
  onText,
  onGo,
  onClose,
}: {
  text: string;
  find: ReturnType<typeof useFind>;
  onText: (text: string) => void;
  onGo: (position: number) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [typed, setTyped] = useState(text);
  const tell = useDebouncedCallback(onText, TYPING_PAUSE_MS);
  const newest = find.positions[0];
  const go = useRef(onGo);
  go.current = onGo;
  // The newest place is shown as soon as it is found.
  useEffect(() => {
    if (newest !== undefined) go.current(newest);
  }, [newest]);
  const step = (by: 1 | -1) => {
    const position = find.step(by);
    if (position !== null) onGo(position);
  };
  const count = find.positions.length;
  return (
    <search className={classes.find}>
      <TextInput
        data-autofocus
        autoFocus
        size="xs"
        className={classes.findText ?? ""}
        placeholder={t("log.findText")}
        aria-label={t("log.findText")}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          tell(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
          if (event.key === "Escape") onClose();
        }}
        rightSection={find.isFetching ? <Loader size={14} /> : null}
      />
      <Text size="xs" className="number" aria-live="polite">
        {text === "" || (count === 0 && find.isFetching)
          ? ""
          : count === 0
            ? t("log.notFound")
            : t(find.isWhole ? "log.found" : "log.foundAtLeast", { at: find.index + 1, count })}
      </Text>
      <Group gap={2}>
        <ActionIcon
          variant="default"
          aria-label={t("log.older")}
          title={`${t("log.older")} (Enter)`}
          onClick={() => step(1)}
        >
          <IconChevronUp size={15} />
        </ActionIcon>
        <ActionIcon
          variant="default"
          aria-label={t("log.newer")}
          title={`${t("log.newer")} (Shift+Enter)`}
          onClick={() => step(-1)}
        >
          <IconChevronDown size={15} />
        </ActionIcon>
      </Group>
      {!find.isWhole && !find.isFetching ? (
        <Button size="compact-xs" variant="default" onClick={find.more}>
          {t("log.findMore")}
          {find.searchedTo ? (
            <>
              {" · "}
              <Ago at={find.searchedTo} />
            </>
          ) : null}
        </Button>
      ) : null}
      {find.error ? (
        <Text size="xs" c="red" role="alert">
          {problemText(find.error)}
        </Text>
      ) : null}
      <ActionIcon variant="subtle" color="gray" aria-label={t("log.closeFind")} onClick={onClose}>
        <IconX size={15} />
      </ActionIcon>
    </search>
  );
}
