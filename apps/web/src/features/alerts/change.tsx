import { useTranslations } from "next-intl";
import styles from "./alerts.module.css";

type Props = { action: string; values: Record<string, string>; label: string; about: string };

/** A button that makes one change, as a form that needs no JavaScript; `about` distinguishes it for screen readers. */
export function Change({ action, values, label, about }: Props) {
  return (
    <form className={styles.inline} action="/api/alerts" method="post">
      <input type="hidden" name="action" value={action} />
      {Object.entries(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button className="plain" type="submit">
        {label} <span className="visually-hidden">{about}</span>
      </button>
    </form>
  );
}

/** The same for what cannot be undone: it opens first. */
export function Confirmed(props: Props) {
  const t = useTranslations("alerts");
  return (
    <details className={styles.confirm}>
      <summary className="plain">
        {props.label}… <span className="visually-hidden">{props.about}</span>
      </summary>
      <Change {...props} label={t("sure", { action: props.label })} />
    </details>
  );
}
