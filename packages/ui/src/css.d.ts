declare module "*.module.css" {
  const classes: { readonly [name: string]: string };
  // biome-ignore lint/style/noDefaultExport: what a bundler makes of a CSS module
  export default classes;
}
declare module "*.css";
