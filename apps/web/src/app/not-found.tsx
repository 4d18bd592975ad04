import Link from "next/link";

export default function NotFound() {
  return (
    <main className="page narrow">
      <h1>Esta página no existe</h1>
      <p>
        <Link href="/">Volver al inicio</Link>
      </p>
    </main>
  );
}
