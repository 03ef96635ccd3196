import { Combobox, createTheme, type MantineColorsTuple } from "@mantine/core";

/** The accent from light to dark, for the components' own shades. */
const accent: MantineColorsTuple = [
  "#edf3ff",
  "#dbe6fd",
  "#b4caf8",
  "#8aacf3",
  "#6692ef",
  "#4f81ec",
  "#3569d8",
  "#2357c5",
  "#1b4aad",
  "#123b92",
];

/** Greys of the dark scheme from ink to page, for the components' own surfaces. */
const dark: MantineColorsTuple = [
  "#e7ebf1",
  "#c8d0da",
  "#a3aebd",
  "#7d8897",
  "#3d4858",
  "#2a3340",
  "#1e2530",
  "#171c25",
  "#131820",
  "#10141b",
];

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 6 },
  colors: { accent, dark },
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily:
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", NanumGothic, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "JetBrains Mono", SFMono-Regular, Menlo, Consolas, "D2Coding", "Noto Sans Mono CJK KR", monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  headings: { fontWeight: "650" },
  components: {
    // A closed list is not there: drawn with all its options it takes longer than a page's rows.
    Combobox: Combobox.extend({ defaultProps: { keepMounted: false } }),
  },
});
