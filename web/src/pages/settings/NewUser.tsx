import { Button, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change } from "../../api/client";
import { Problem } from "../../components/Panel";
import { Password } from "../../components/Password";
import { PEOPLES_ROLES } from "../../model/rights";
import { SHORTEST_PASSWORD } from "./OwnPassword";
import classes from "./Settings.module.css";

/** Makes a user who signs in with a password. */
export function NewUser({ onMade }: { onMade: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [role, setRole] = useState<(typeof PEOPLES_ROLES)[number]>("viewer");
  const [password, setPassword] = useState("");
  const make = useMutation({
    mutationFn: () =>
      change("post", "/api/v1/users", { body: { name: name.trim(), role, password } }),
    onSuccess: () => {
      setName("");
      setPassword("");
      onMade();
    },
  });
  const isShort = password !== "" && password.length < SHORTEST_PASSWORD;
  return (
    <>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <TextInput
          label={t("users.name")}
          autoComplete="off"
          value={name}
          required
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t("tokens.role")}
          w={150}
          data={PEOPLES_ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          value={role}
          allowDeselect={false}
          onChange={(value) => setRole(PEOPLES_ROLES.find((each) => each === value) ?? "viewer")}
        />
        <Password
          w={240}
          label={t("users.password")}
          autoComplete="new-password"
          value={password}
          required
          error={isShort ? t("password.short", { count: SHORTEST_PASSWORD }) : null}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button
          type="submit"
          loading={make.isPending}
          disabled={name.trim() === "" || password.length < SHORTEST_PASSWORD}
        >
          {t("users.make")}
        </Button>
      </form>
      <Problem error={make.error} />
    </>
  );
}
