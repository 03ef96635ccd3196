import { Center, Loader, MantineProvider, Modal, mergeThemeOverrides } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { cache } from "./api/cache";
import { ApiProblem } from "./api/problem";
import { signInAddress } from "./api/session";
import { MeContext, useMeQuery } from "./components/me";
import { usePreferences } from "./components/preferences";
import { StaleBanner } from "./components/States";
import { speak } from "./i18n";
import { languageFor } from "./model/preferences";
import { router } from "./router";
import { theme } from "./theme/theme";

export function App() {
  const { t } = useTranslation();
  const close = t("common.close");
  const spoken = useMemo(
    () =>
      mergeThemeOverrides(theme, {
        components: {
          Modal: Modal.extend({ defaultProps: { closeButtonProps: { "aria-label": close } } }),
        },
      }),
    [close],
  );
  return (
    <MantineProvider theme={spoken} defaultColorScheme="auto">
      <QueryClientProvider client={cache}>
        <Spoken />
        <Door />
      </QueryClientProvider>
    </MantineProvider>
  );
}

function Spoken() {
  const { language } = usePreferences();
  useEffect(() => {
    void speak(languageFor(language, navigator.languages));
  }, [language]);
  return null;
}

/** Lets nobody see the page whom the server does not let in. */
function Door() {
  const me = useMeQuery();
  const mustSignIn = me.error instanceof ApiProblem && me.error.status === 401;
  useEffect(() => {
    if (mustSignIn) window.location.replace(signInAddress(window.location));
  }, [mustSignIn]);
  if (me.data) {
    return (
      <MeContext value={me.data}>
        <RouterProvider router={router} />
      </MeContext>
    );
  }
  return (
    <Center h="100vh" p="md">
      {me.error && !mustSignIn ? (
        <StaleBanner error={me.error} readAt={null} onRetry={() => void me.refetch()} />
      ) : (
        <Loader />
      )}
    </Center>
  );
}
