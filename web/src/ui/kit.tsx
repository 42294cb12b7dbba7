import { type ButtonHTMLAttributes, type ReactNode, useId } from "react";

type Kind = "plain" | "primary" | "danger" | "quiet";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  wide?: boolean;
  /** busy shows that it is being done, and keeps a second click away. */
  busy?: boolean;
}

/** Button of the pages without the component library; 40 px high, 48 px when wide. */
export function Button({
  kind = "plain",
  wide,
  busy,
  disabled,
  children,
  className = "",
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={`btn ${kind} ${wide ? "wide" : ""} ${className}`}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy && <span className="spin" aria-hidden="true" />}
      {children}
    </button>
  );
}

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  /** wrong is what the server or the page found wrong with it. */
  wrong?: ReactNode;
  children: (ids: { id: string; "aria-describedby"?: string; "aria-invalid"?: boolean }) => ReactNode;
}

/** Field ties a label, a hint and an error to one input. */
export function Field({ label, hint, wrong, children }: FieldProps) {
  const id = useId();
  const about = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ") || undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": about, "aria-invalid": wrong ? true : undefined })}
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {wrong && (
        <span className="wrong" id={`${id}-wrong`} role="alert">
          {wrong}
        </span>
      )}
    </div>
  );
}

export type Tone = "plain" | "seal" | "amber" | "good" | "blue" | "accent";

export function Tag({ tone = "plain", children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return (
    <span className={`tag ${tone}`} title={title}>
      {children}
    </span>
  );
}

export function Notice({
  tone = "blue",
  children,
  alert,
}: {
  tone?: "blue" | "seal" | "amber" | "good";
  children: ReactNode;
  alert?: boolean;
}) {
  return (
    <div className={`notice ${tone}`} role={alert ? "alert" : undefined}>
      <div className="grow">{children}</div>
    </div>
  );
}
