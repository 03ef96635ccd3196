import { Button, Select } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change } from "../../api/client";
import type { UserView } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Ago } from "../../components/Moment";
import { Pill, Problem } from "../../components/Panel";
import { Password } from "../../components/Password";
import rows from "../../components/Rows.module.css";
import { PEOPLES_ROLES } from "../../model/rights";
import { SHORTEST_PASSWORD } from "./OwnPassword";

type Asked = "password" | "disable" | "delete" | null;
type Change = Partial<Pick<UserView, "role">> & { disabled?: boolean; password?: string };

/** One user, and what an administrator may do about them. */
export function UserRow({ user, onChange }: { user: UserView; onChange: () => void }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked>(null);
  const [password, setPassword] = useState("");
  const path = { user_id: user.id };
  const close = () => {
    setAsked(null);
    setPassword("");
  };
  const alter = useMutation({
    mutationFn: (body: Change) => change("patch", "/api/v1/users/{user_id}", { path, body }),
    onSuccess: close,
    onSettled: onChange,
  });
  const remove = useMutation({
    mutationFn: () => change("delete", "/api/v1/users/{user_id}", { path }),
    onSuccess: () => {
      close();
      onChange();
    },
  });
  const isDisabled = user.disabled_at !== null;
  const act = { password: { password }, disable: { disabled: true } };
  return (
    <li className={rows.row}>
      <span className={rows.stack}>
        <strong className="cut">{user.name}</strong>
        {user.issuer ? <span className="cut dim">{user.issuer}</span> : null}
      </span>
      <Select
        size="xs"
        w={130}
        aria-label={t("users.roleOf", { name: user.name })}
        data={PEOPLES_ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
        value={user.role}
        allowDeselect={false}
        disabled={alter.isPending}
        onChange={(value) => {
          const role = PEOPLES_ROLES.find((each) => each === value);
          if (role && role !== user.role) alter.mutate({ role });
        }}
      />
      <span>
        {isDisabled ? <Pill like="cancelled" words={t("users.disabled")} /> : null}{" "}
        <span className="dim">
          {t("tokens.made")} <Ago at={user.created_at} />
        </span>
      </span>
      <span className="dim">
        {t("users.lastIn")}{" "}
        {user.last_login_at ? <Ago at={user.last_login_at} /> : t("tokens.never")}
      </span>
      <span className={rows.actions}>
        <Button size="compact-xs" variant="default" onClick={() => setAsked("password")}>
          {t("users.setPassword")}
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => (isDisabled ? alter.mutate({ disabled: false }) : setAsked("disable"))}
        >
          {t(isDisabled ? "users.enable" : "users.disable")}
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => setAsked("delete")}>
          {t("users.delete")}
        </Button>
        {asked === null ? <Problem error={alter.error} /> : null}
      </span>
      {asked ? (
        <ConfirmDialog
          title={t(`users.${asked}Title`, { name: user.name })}
          text={t(`users.${asked}Text`, { name: user.name })}
          action={t(`users.${asked}Confirm`)}
          isDangerous={asked !== "password"}
          isBusy={alter.isPending || remove.isPending}
          isDisabled={asked === "password" && password.length < SHORTEST_PASSWORD}
          onConfirm={() => (asked === "delete" ? remove.mutate() : alter.mutate(act[asked]))}
          onClose={close}
        >
          {asked === "password" ? (
            <Password
              label={t("users.password")}
              description={t("password.short", { count: SHORTEST_PASSWORD })}
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          ) : null}
          <Problem error={asked === "delete" ? remove.error : alter.error} />
        </ConfirmDialog>
      ) : null}
    </li>
  );
}
