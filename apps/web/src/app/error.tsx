"use client";

// Beside the root layout and not in the panel: an error of the panel's own layout would pass a boundary inside it.
export default function PageError({ reset }: { error: Error; reset: () => void }) {
  return (
    <main className="page narrow">
      <h1>No se puede mostrar esta página</h1>
      <p className="notice" role="alert">
        Falló algo de nuestro lado o el servicio de identidad no responde. Reintenta; si sigue igual, avisa a
        quien administra esta instalación.
      </p>
      <button type="button" onClick={reset}>
        Reintentar
      </button>
    </main>
  );
}
