import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

const blue: MantineColorsTuple = [
  "#e6eefa",
  "#cbdcf6",
  "#9bbcf6",
  "#7ba4ee",
  "#5c8fd6",
  "#3c74c6",
  "#2463b5",
  "#154ea3",
  "#0a3d8f",
  "#0a2f6e",
];
const red: MantineColorsTuple = [
  "#fbe6e4",
  "#f6cdc8",
  "#ff9f86",
  "#ff6a45",
  "#e0503a",
  "#bd3230",
  "#9c1c22",
  "#8a131a",
  "#7a0c14",
  "#5c080e",
];
const dark: MantineColorsTuple = [
  "#e6e9ef",
  "#d5dce6",
  "#aab3c0",
  "#6b7584",
  "#2c333d",
  "#232a33",
  "#171b22",
  "#101318",
  "#0b0d11",
  "#07080b",
];

/** Colours filled buttons by our tokens, so that their text has enough contrast in dark mode too. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const resolved = defaultVariantColorsResolver(input);
  if (input.variant !== "filled") return resolved;
  const ground = input.color === "red" ? "var(--down)" : "var(--accent)";
  return {
    ...resolved,
    background: ground,
    hover: `color-mix(in srgb, ${ground} 88%, var(--text))`,
    color: "var(--on-accent)",
  };
};

export const theme = createTheme({
  variantColorResolver,
  fontFamily: '"IBM Plex Sans", system-ui, sans-serif',
  fontFamilyMonospace: '"IBM Plex Mono", ui-monospace, monospace',
  headings: { fontWeight: "600" },
  defaultRadius: 6,
  colors: { blue, red, dark },
  primaryColor: "blue",
  primaryShade: { light: 8, dark: 2 },
  cursorType: "pointer",
  respectReducedMotion: true,
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "18px" },
});

/** Mantine's own colours, taken from the tokens of globals.css: contrast of dimmed text and of borders included. */
export const variables: CSSVariablesResolver = () => {
  const shared = {
    "--mantine-color-body": "var(--surface)",
    "--mantine-color-text": "var(--text)",
    "--mantine-color-dimmed": "var(--dim)",
    "--mantine-color-placeholder": "var(--dim)",
    "--mantine-color-error": "var(--down)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-hover": "var(--hover)",
    "--mantine-color-default-color": "var(--text)",
    "--mantine-color-default-border": "var(--rule)",
    "--mantine-color-anchor": "var(--accent)",
  };
  return { variables: {}, light: shared, dark: shared };
};
