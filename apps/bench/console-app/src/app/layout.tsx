// The product's own: its theme, fonts, style sheets and words.
export { default, viewport } from "@smarteros/web/layout";
