"use client";
export function ResultView(p: any) {
  return <pre>{JSON.stringify(p.value, null, 2)?.slice(0, 100000)}</pre>;
}
