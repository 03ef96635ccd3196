import { Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowRight, IconHierarchy2, IconPlayerPlay, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../api/client";
import classes from "./Shell.module.css";

export interface Command {
  key: string;
  words: string;
  icon?: ReactNode;
  run: () => void;
}

const LIKE_AN_ID = /^[0-9a-f][0-9a-f-]{7,35}$/i;
const MOST_WORKFLOWS = 8;

/** Go anywhere and do anything by typing. */
export function Palette({
  isOpen,
  onClose,
  commands,
}: {
  isOpen: boolean;
  onClose: () => void;
  commands: readonly Command[];
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      withCloseButton={false}
      size="lg"
      padding={0}
      yOffset="12vh"
      title={t("palette.title")}
      classNames={{ header: "unseen" }}
    >
      {isOpen ? <PaletteBody onClose={onClose} commands={commands} /> : null}
    </Modal>
  );
}

function PaletteBody({ onClose, commands }: { onClose: () => void; commands: readonly Command[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const listId = useId();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const [wanted] = useDebouncedValue(text.trim(), 150);
  const workflows = useQuery({
    queryKey: ["palette", wanted],
    queryFn: ({ signal }) =>
      get("/api/v1/workflows", { query: { text: wanted, limit: MOST_WORKFLOWS }, signal }),
    enabled: wanted !== "",
  });
  const lower = text.trim().toLowerCase();
  const found: Command[] = [
    ...commands.filter((each) => each.words.toLowerCase().includes(lower)),
    ...(LIKE_AN_ID.test(lower)
      ? [
          {
            key: "execution",
            words: t("palette.openExecution", { id: lower }),
            icon: <IconPlayerPlay size={16} />,
            run: () => void navigate({ to: "/executions/$id", params: { id: lower } }),
          },
        ]
      : []),
    ...(lower === "" ? [] : (workflows.data?.items ?? [])).map((each) => ({
      key: `workflow-${each.id}`,
      words: each.name,
      icon: <IconHierarchy2 size={16} />,
      run: () => void navigate({ to: "/executions", search: { workflow: each.name } }),
    })),
  ];
  const at = Math.min(chosen, Math.max(0, found.length - 1));
  const run = (command: Command | undefined): void => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((at + step + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[at]);
    }
  };
  return (
    <>
      <TextInput
        data-autofocus
        size="md"
        variant="unstyled"
        className={classes.paletteInput}
        leftSection={<IconSearch size={18} />}
        placeholder={t("palette.placeholder")}
        aria-label={t("palette.placeholder")}
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found[at] ? `${listId}-${at}` : undefined}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={listId} role="listbox" aria-label={t("palette.title")} className={classes.palette}>
        {found.map((each, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the input
          <div
            key={each.key}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            className={classes.paletteItem}
            onMouseMove={() => setChosen(index)}
            onClick={() => run(each)}
          >
            {each.icon ?? <IconArrowRight size={16} />}
            <span className="cut">{each.words}</span>
          </div>
        ))}
        {found.length === 0 ? <div className={classes.nothing}>{t("palette.nothing")}</div> : null}
      </div>
    </>
  );
}
