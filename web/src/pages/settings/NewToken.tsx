import { Button, Code, CopyButton, Select, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change } from "../../api/client";
import type { Role } from "../../api/types";
import { useMe } from "../../components/me";
import { Problem } from "../../components/Panel";
import { mayAct } from "../../model/rights";
import classes from "./Settings.module.css";

const ROLES: readonly Role[] = ["ingest", "viewer", "operator", "admin"];
const DAYS = ["", "7", "30", "90", "365"] as const;
const DAY = 86_400_000;

/** Makes a token, and shows it this once. */
export function NewToken({ onMade }: { onMade: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("ingest");
  const [days, setDays] = useState<string>("");
  const make = useMutation({
    mutationFn: () =>
      change("post", "/api/v1/tokens", {
        body: {
          name: name.trim(),
          role,
          expires_at: days === "" ? null : new Date(Date.now() + Number(days) * DAY).toISOString(),
        },
      }),
    onSuccess: () => {
      setName("");
      onMade();
    },
  });
  if (me.role !== "admin" && me.kind !== "user") {
    return (
      <Text size="sm" className="dim">
        {t("tokens.notYours")}
      </Text>
    );
  }
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
          label={t("tokens.name")}
          value={name}
          required
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t("tokens.role")}
          w={150}
          data={ROLES.filter((each) => mayAct(me.role, each)).map((value) => ({
            value,
            label: t(`role.${value}`),
          }))}
          value={role}
          allowDeselect={false}
          onChange={(value) => setRole(ROLES.find((each) => each === value) ?? "ingest")}
        />
        <Select
          label={t("tokens.good")}
          w={150}
          data={DAYS.map((value) => ({
            value,
            label: value === "" ? t("tokens.forEver") : t("tokens.days", { count: Number(value) }),
          }))}
          value={days}
          allowDeselect={false}
          onChange={(value) => setDays(value ?? "")}
        />
        <Button type="submit" loading={make.isPending} disabled={name.trim() === ""}>
          {t("tokens.make")}
        </Button>
      </form>
      {make.data ? (
        <div className={classes.secret} role="status">
          <Text size="sm">{t("tokens.once")}</Text>
          <Code>{make.data.token}</Code>
          <CopyButton value={make.data.token}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="default" onClick={copy}>
                {t(copied ? "common.copied" : "common.copy")}
              </Button>
            )}
          </CopyButton>
        </div>
      ) : null}
      <Problem error={make.error} />
    </>
  );
}
