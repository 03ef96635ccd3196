import { Button, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change } from "../../api/client";
import { useMe } from "../../components/me";
import { Panel, Problem } from "../../components/Panel";
import { Password } from "../../components/Password";
import classes from "./Settings.module.css";

/** The shortest password that the server takes. */
export const SHORTEST_PASSWORD = 12;

/** One's own password: as it is, and twice as it shall be. */
export function OwnPassword() {
  const { t } = useTranslation();
  const me = useMe();
  const [current, setCurrent] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const save = useMutation({
    mutationFn: () =>
      change("post", "/api/v1/me/password", {
        body: { current_password: current, new_password: fresh },
      }),
    onSuccess: () => {
      setCurrent("");
      setFresh("");
      setAgain("");
    },
  });
  if (me.kind !== "user") {
    return (
      <Panel title={t("password.title")}>
        <Text size="sm" className="dim">
          {t("password.none")}
        </Text>
      </Panel>
    );
  }
  const isShort = fresh !== "" && fresh.length < SHORTEST_PASSWORD;
  const differs = again !== "" && again !== fresh;
  return (
    <Panel title={t("password.title")}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Password
          w={220}
          label={t("password.current")}
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <Password
          w={220}
          label={t("password.fresh")}
          autoComplete="new-password"
          value={fresh}
          error={isShort ? t("password.short", { count: SHORTEST_PASSWORD }) : null}
          onChange={(event) => setFresh(event.currentTarget.value)}
        />
        <Password
          w={220}
          label={t("password.again")}
          autoComplete="new-password"
          value={again}
          error={differs ? t("password.differs") : null}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        <Button
          type="submit"
          loading={save.isPending}
          disabled={current === "" || fresh.length < SHORTEST_PASSWORD || again !== fresh}
        >
          {t("password.save")}
        </Button>
      </form>
      <Problem error={save.error} />
      {save.isSuccess ? (
        <Text size="sm" role="status">
          {t("password.saved")}
        </Text>
      ) : null}
    </Panel>
  );
}
