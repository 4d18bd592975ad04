"use client";

export default function DashboardError({ reset }: { error: Error; reset: () => void }) {
  return (
    <main className="page narrow">
      <h1>No se puede mostrar el panel</h1>
      <p className="notice" role="alert">
        El servicio de identidad no responde, o tu usuario tiene un rol que este panel no conoce. Reintenta;
        si sigue igual, pide ayuda a un administrador.
      </p>
      <button type="button" onClick={reset}>
        Reintentar
      </button>
    </main>
  );
}
