import { Kbd, Modal, SimpleGrid, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./Shell.module.css";
import { useShortcutGroups } from "./shortcuts";

/** All shortcuts that work here, by what they belong to. */
export function ShortcutOverlay({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const groups = useShortcutGroups();
  return (
    <Modal opened={isOpen} onClose={onClose} title={t("shortcuts.title")} size="lg">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        {groups.map((group) => (
          <section key={group.title}>
            <Text fw={650} mb="xs">
              {group.title}
            </Text>
            {group.shortcuts.map((each) => (
              <div key={each.keys} className={classes.shortcut}>
                <span>{each.words}</span>
                <Keys keys={each.keys} />
              </div>
            ))}
          </section>
        ))}
      </SimpleGrid>
    </Modal>
  );
}

export function Keys({ keys }: { keys: string }) {
  return (
    <span className={classes.keys}>
      {keys
        .replace("mod+", "Ctrl ")
        .split(" ")
        .map((key) => (
          <Kbd key={key} size="xs">
            {key}
          </Kbd>
        ))}
    </span>
  );
}
