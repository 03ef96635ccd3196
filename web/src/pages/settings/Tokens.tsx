import { Button, Code, CopyButton, Select, Table, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change, get } from "../../api/client";
import type { Role } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Ago } from "../../components/Moment";
import { useMe } from "../../components/me";
import { Loading, StaleBanner, useProblemText } from "../../components/States";
import { mayAct } from "../../model/rights";
import classes from "./Settings.module.css";

const ROLES: readonly Role[] = ["ingest", "viewer", "operator", "admin"];
const MOST = 200;

/** The tokens that programs come in with: made, shown once, revoked. */
export function Tokens() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const problemText = useProblemText();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("ingest");
  const [revoked, setRevoked] = useState<{ id: string; name: string } | null>(null);
  const tokens = useQuery({
    queryKey: ["tokens"],
    queryFn: ({ signal }) => get("/api/v1/tokens", { query: { limit: MOST }, signal }),
  });
  const again = () => client.refetchQueries({ queryKey: ["tokens"] });
  const make = useMutation({
    mutationFn: () =>
      change("post", "/api/v1/tokens", {
        body: { name: name.trim(), role },
      }),
    onSuccess: () => {
      setName("");
      return again();
    },
  });
  const revoke = useMutation({
    mutationFn: (id: string) =>
      change("delete", "/api/v1/tokens/{token_id}", { path: { token_id: id } }),
    onSuccess: () => {
      setRevoked(null);
      return again();
    },
  });
  const error = make.error ?? revoke.error;
  return (
    <section className={`panel ${classes.section}`}>
      <Title order={2} size="h5">
        {t("tokens.title")}
      </Title>
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
          data={ROLES.filter((each) => mayAct(me.role, each)).map((value) => ({
            value,
            label: t(`role.${value}`),
          }))}
          value={role}
          allowDeselect={false}
          onChange={(value) => setRole(ROLES.find((each) => each === value) ?? "ingest")}
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
      {error ? (
        <Text size="sm" c="red" role="alert">
          {problemText(error)}
        </Text>
      ) : null}
      <StaleBanner
        error={tokens.error}
        readAt={tokens.data ? tokens.dataUpdatedAt : null}
        onRetry={() => void tokens.refetch()}
      />
      {tokens.isPending && !tokens.error ? <Loading rows={3} /> : null}
      {tokens.data ? (
        <Table.ScrollContainer minWidth={600}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("tokens.name")}</Table.Th>
                <Table.Th>{t("tokens.role")}</Table.Th>
                <Table.Th>{t("tokens.made")}</Table.Th>
                <Table.Th>{t("tokens.used")}</Table.Th>
                <Table.Th>
                  <span className="unseen">{t("tokens.revoke")}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {tokens.data.items.map((each) => (
                <Table.Tr key={each.id}>
                  <Table.Td>
                    {each.name}
                    {each.hint ? <span className="dim mono">{` ${each.hint}…`}</span> : null}
                  </Table.Td>
                  <Table.Td>{t(`role.${each.role}`)}</Table.Td>
                  <Table.Td>
                    <Ago at={each.created_at} />
                  </Table.Td>
                  <Table.Td>
                    {each.last_used_at ? <Ago at={each.last_used_at} /> : t("tokens.never")}
                  </Table.Td>
                  <Table.Td align="right">
                    {each.revoked_at ? (
                      <span className="dim">{t("tokens.revoked")}</span>
                    ) : (
                      <Button size="compact-xs" variant="default" onClick={() => setRevoked(each)}>
                        {t("tokens.revoke")}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      ) : null}
      {revoked ? (
        <ConfirmDialog
          title={t("tokens.revoke")}
          text={t("tokens.revokeText", { name: revoked.name })}
          action={t("tokens.revoke")}
          isDangerous
          isBusy={revoke.isPending}
          onConfirm={() => revoke.mutate(revoked.id)}
          onClose={() => setRevoked(null)}
        />
      ) : null}
    </section>
  );
}
