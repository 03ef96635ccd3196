import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { usePages } from "../../api/pages";
import { MoreButton } from "../../components/MoreButton";
import { OnlyFor } from "../../components/OnlyFor";
import { Panel } from "../../components/Panel";
import rows from "../../components/Rows.module.css";
import { Loading, StaleBanner } from "../../components/States";
import { NewUser } from "./NewUser";
import classes from "./Settings.module.css";
import { UserRow } from "./UserRow";

const PAGE = 100;

/** The people who may sign in: made, given a role or a password, shut out, forgotten. */
export function Users() {
  const { t } = useTranslation();
  return (
    <OnlyFor needed="admin" title={t("settings.tabs.users")}>
      {() => <UserList />}
    </OnlyFor>
  );
}

function UserList() {
  const { t } = useTranslation();
  const users = usePages(["users"], (after, signal) =>
    get("/api/v1/users", {
      query: { limit: PAGE, ...after },
      signal,
    }),
  );
  const items = users.data?.pages.flatMap((page) => page.items) ?? [];
  const again = () => void users.refetch();
  return (
    <Panel title={t("settings.tabs.users")}>
      <NewUser onMade={again} />
      <StaleBanner
        error={users.error}
        readAt={users.data ? users.dataUpdatedAt : null}
        onRetry={again}
      />
      {users.isPending && !users.error ? <Loading rows={3} /> : null}
      {users.data && items.length === 0 ? (
        <span className="dim">{t("users.none")}</span>
      ) : (
        <ul className={`${rows.list} ${classes.users}`}>
          {items.map((user) => (
            <UserRow key={user.id} user={user} onChange={again} />
          ))}
        </ul>
      )}
      <MoreButton of={users} />
    </Panel>
  );
}
