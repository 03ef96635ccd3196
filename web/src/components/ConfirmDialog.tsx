import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** Asks before something is done that cannot be undone; the words name the count and the effect. */
export function ConfirmDialog({
  title,
  text,
  action,
  isDangerous = false,
  isBusy = false,
  isDisabled = false,
  onConfirm,
  onClose,
  children,
}: {
  title: string;
  text: string;
  action: string;
  isDangerous?: boolean;
  isBusy?: boolean;
  isDisabled?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onClose} title={title} closeOnClickOutside={!isBusy}>
      <Stack>
        <Text>{text}</Text>
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.back")}
          </Button>
          <Button
            color={isDangerous ? "red.8" : "accent"}
            loading={isBusy}
            disabled={isDisabled}
            onClick={onConfirm}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
