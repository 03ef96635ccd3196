import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { DefinitionProblem } from "../../../api/types";
import type { Draft } from "../../../model/editing/draft";
import { replacement } from "../../../model/editing/history";
import { placeOf } from "../../../model/editing/problems";
import classes from "../Editor.module.css";
import { completionsFrom } from "./completing";
import { colours, look } from "./look";

/** A place to go to; `at` tells one wish from the same wish again. */
export interface Jump {
  line: number;
  column: number;
  at: number;
}

interface Told {
  draft: Draft;
  onType: (text: string) => void;
  onUndo: () => void;
  onRedo: () => void;
}

/** The definition as text, with every problem marked at its place. */
export function YamlPane({
  text,
  problems,
  jump,
  isFixed,
  ...told
}: Told & {
  text: string;
  problems: readonly DefinitionProblem[];
  jump: Jump | null;
  isFixed: boolean;
}) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(told);
  latest.current = told;
  const first = useRef(text);
  const label = t("editor.yaml");
  useEffect(() => {
    if (!place.current) return undefined;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first.current,
        extensions: extensionsFor(latest, label, isFixed),
      }),
    });
    view.current = made;
    return () => {
      first.current = made.state.doc.toString();
      made.destroy();
      view.current = null;
    };
  }, [label, isFixed]);
  useEffect(() => {
    const shown = view.current;
    if (!shown) return;
    const change = replacement(shown.state.doc.toString(), text);
    if (change) shown.dispatch({ changes: change });
  }, [text]);
  useEffect(() => {
    const shown = view.current;
    if (!shown) return;
    shown.dispatch(
      setDiagnostics(
        shown.state,
        problems.map((each) => mark(shown, each)),
      ),
    );
  }, [problems]);
  useEffect(() => {
    const shown = view.current;
    if (!shown || jump === null) return;
    const { line, column } = jump;
    const { from } = placeOf(shown.state.doc.toString(), { code: "", message: "", line, column });
    shown.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
    shown.focus();
  }, [jump]);
  return <section ref={place} className={classes.yaml} aria-label={label} />;
}

function mark(view: EditorView, problem: DefinitionProblem): Diagnostic {
  const place = placeOf(view.state.doc.toString(), problem);
  return { ...place, severity: "error", message: problem.message };
}

function extensionsFor(latest: { readonly current: Told }, label: string, isFixed: boolean) {
  const fixed = new Compartment();
  const does = (run: (told: Told) => void) => () => {
    run(latest.current);
    return true;
  };
  return [
    lineNumbers(),
    lintGutter(),
    highlightActiveLine(),
    bracketMatching(),
    indentOnInput(),
    yaml(),
    syntaxHighlighting(colours),
    look,
    EditorState.tabSize.of(2),
    fixed.of([EditorState.readOnly.of(isFixed), EditorView.editable.of(!isFixed)]),
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    autocompletion({
      override: [(context) => completionsFrom(latest.current.draft, context)],
      icons: false,
    }),
    keymap.of([
      { key: "Mod-z", run: does((told) => told.onUndo()), preventDefault: true },
      { key: "Mod-y", run: does((told) => told.onRedo()), preventDefault: true },
      { key: "Mod-Shift-z", run: does((told) => told.onRedo()), preventDefault: true },
      ...completionKeymap,
      ...defaultKeymap,
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) latest.current.onType(update.state.doc.toString());
    }),
  ];
}
