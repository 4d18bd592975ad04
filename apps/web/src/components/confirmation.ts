import { rutProblem, storedRut } from "@smarteros/tools-tenants/rut";

const plain = (text: string) => text.normalize("NFC").trim().replace(/\s+/g, " ").toLocaleLowerCase("es-CL");

/** Compares typed text with the name or the RUT of a tenant, in any notation; `rut` is in stored form. */
export function confirms(typed: string, { rut, name }: { rut: string; name: string }): boolean {
  if (typed.trim() === "") return false;
  if (plain(typed) === plain(name)) return true;
  return rutProblem(typed) === undefined && storedRut(typed) === rut;
}
