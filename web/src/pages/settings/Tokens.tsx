import { Button, Switch } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change, get } from "../../api/client";
import { usePages } from "../../api/pages";
import type { TokenView } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Ago, At } from "../../components/Moment";
import { MoreButton } from "../../components/MoreButton";
import { Panel, Problem } from "../../components/Panel";
import rows from "../../components/Rows.module.css";
import { Loading, StaleBanner } from "../../components/States";
import { useSearchState } from "../../components/useSearchState";
import { NewToken } from "./NewToken";
import classes from "./Settings.module.css";

const PAGE = 100;

/** The tokens that programs come in with: made, shown once, revoked. */
export function Tokens() {
  const { t } = useTranslation();
  const { search, set } = useSearchState();
  const [asked, setAsked] = useState<TokenView | null>(null);
  const revoked = search.revoked === "yes";
  const tokens = usePages(["tokens", revoked], (after, signal) =>
    get("/api/v1/tokens", {
      query: { limit: PAGE, revoked, ...after },
      signal,
    }),
  );
  const revoke = useMutation({
    mutationFn: (id: string) =>
      change("delete", "/api/v1/tokens/{token_id}", { path: { token_id: id } }),
    onSuccess: () => {
      setAsked(null);
      return tokens.refetch();
    },
  });
  return (
    <Panel
      title={t("tokens.title")}
      aside={
        <Switch
          label={t("tokens.showRevoked")}
          checked={revoked}
          onChange={(event) => set({ revoked: event.currentTarget.checked ? "yes" : null })}
        />
      }
    >
      <NewToken onMade={() => void tokens.refetch()} />
      <StaleBanner
        error={tokens.error}
        readAt={tokens.data ? tokens.dataUpdatedAt : null}
        onRetry={() => void tokens.refetch()}
      />
      {tokens.isPending && !tokens.error ? <Loading rows={3} /> : null}
      <ul className={`${rows.list} ${classes.tokens}`}>
        {(tokens.data?.pages.flatMap((page) => page.items) ?? []).map((each) => (
          <TokenRow key={each.id} token={each} onRevoke={() => setAsked(each)} />
        ))}
      </ul>
      <MoreButton of={tokens} />
      {asked ? (
        <ConfirmDialog
          title={t("tokens.revoke")}
          text={t("tokens.revokeText", { name: asked.name })}
          action={t("tokens.revoke")}
          isDangerous
          isBusy={revoke.isPending}
          onConfirm={() => revoke.mutate(asked.id)}
          onClose={() => setAsked(null)}
        >
          <Problem error={revoke.error} />
        </ConfirmDialog>
      ) : null}
    </Panel>
  );
}

function TokenRow({ token, onRevoke }: { token: TokenView; onRevoke: () => void }) {
  const { t } = useTranslation();
  return (
    <li className={rows.row}>
      <span className={rows.stack}>
        <strong className="cut">{token.name}</strong>
        <span className="dim">
          {token.hint ? <span className="mono">{token.hint}</span> : null}
          {token.user ? ` ${t("tokens.of", { name: token.user })}` : ""}
        </span>
      </span>
      <span>{t(`role.${token.role}`)}</span>
      <span className={rows.stack}>
        <span>
          {t("tokens.made")} <Ago at={token.created_at} />
        </span>
        <span className="dim">{token.created_by}</span>
      </span>
      <span className={rows.stack}>
        <span>
          {t("tokens.used")}{" "}
          {token.last_used_at ? <Ago at={token.last_used_at} /> : t("tokens.never")}
        </span>
        {token.expires_at ? (
          <span className="dim">
            {t("tokens.expires")} <At at={token.expires_at} />
          </span>
        ) : null}
      </span>
      <span className={rows.actions}>
        {token.revoked_at ? (
          <span className="dim">
            {t("tokens.revoked")} <Ago at={token.revoked_at} />
          </span>
        ) : (
          <Button size="compact-xs" variant="default" onClick={onRevoke}>
            {t("tokens.revoke")}
          </Button>
        )}
      </span>
    </li>
  );
}
