import { isoToZonedTime } from "./zoned-time.ts";

type Field = { name: string; label: string; value: string };

/** A text by which calls are filtered; `options` are offered, and anything else may be written. */
export function TextFilter({
  name,
  label,
  value,
  maxLength,
  options,
}: Field & { maxLength: number; options?: string[] }) {
  const list = options && `offered-${name}`;
  return (
    <>
      <label>
        {label}
        <input
          name={name}
          list={list}
          defaultValue={value}
          maxLength={maxLength}
          autoComplete="off"
          spellCheck={false}
        />
      </label>
      {options && (
        <datalist id={list}>
          {options.map((option) => (
            <option key={option} value={option} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** A moment by which calls are filtered, as the clock on the wall of that zone shows it. */
export function TimeFilter({ name, label, value, timeZone }: Field & { timeZone: string }) {
  return (
    <label>
      {label}
      <input name={name} type="datetime-local" step="1" defaultValue={isoToZonedTime(value, timeZone)} />
    </label>
  );
}
