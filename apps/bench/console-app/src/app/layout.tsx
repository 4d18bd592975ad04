// The product's layout: theme, fonts, style sheets and texts.
export { default, viewport } from "@smarteros/web/layout";
