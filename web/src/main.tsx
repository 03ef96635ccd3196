import "@mantine/core/styles.layer.css";
import "./theme/tokens.css";
import "./theme/base.css";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { preferences } from "./components/preferences";
import { startLanguages } from "./i18n";
import { languageFor } from "./model/preferences";
import { router } from "./router";

// The code of what is asked for comes while the server says who asks.
void router.load();
await startLanguages(languageFor(preferences().language, navigator.languages));
const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
