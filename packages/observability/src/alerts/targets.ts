export { addressesOf, RefusedHost } from "./address.ts";
export {
  shownAddress,
  type TargetProblem,
  type TargetSettings,
  targetProblem,
  targetSettings,
} from "./target.ts";
