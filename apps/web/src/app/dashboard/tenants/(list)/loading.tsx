import { ListSkeleton } from "../../../../features/tenants/list-skeleton.tsx";

export default function Loading() {
  return <ListSkeleton />;
}
