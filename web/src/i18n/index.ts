import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "../model/preferences";
import en from "./en.json";
import ko from "./ko.json";

/** `a.b` for each text in the catalogue, so that the compiler looks keys up and does not take them apart. */
type Keys<T, Above extends string = ""> = {
  [K in keyof T & string]: T[K] extends string ? `${Above}${K}` : Keys<T[K], `${Above}${K}.`>;
}[keyof T & string];

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: Record<Keys<typeof en>, string> };
    keySeparator: false;
  }
}

export async function startLanguages(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { en: { translation: en }, ko: { translation: ko } },
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = language;
}

export async function speak(language: Language): Promise<void> {
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}
