import "@mantine/core/styles.layer.css";
import "./theme/tokens.css";
import "./theme/base.css";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { prepareFor } from "./api/arriving";
import { preferences } from "./components/preferences";
import { startLanguages } from "./i18n";
import { languageFor } from "./model/preferences";
import { router } from "./router";

/** Longer than this nobody waits before anything is shown. */
const PATIENCE_MS = 500;

// What is asked for and the code that shows it come at the same time, and are shown at once.
const isThere = Promise.allSettled([
  prepareFor(window.location, preferences().zone),
  router.load(),
]);
await startLanguages(languageFor(preferences().language, navigator.languages));
await Promise.race([isThere, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
