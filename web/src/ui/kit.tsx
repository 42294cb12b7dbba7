import { type ButtonHTMLAttributes, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { useWords, type Words } from "@/words/language";

const words: Words<{ close: string }> = { zh: { close: "关闭" }, en: { close: "Close" } };

type Kind = "plain" | "primary" | "danger" | "quiet";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  wide?: boolean;
  small?: boolean;
  /** busy shows that it is being done, and keeps a second click away. */
  busy?: boolean;
}

/** Button of what does without the component library; 40 px high, 48 px when wide, 34 px for staff, 28 px when small. */
export function Button({
  kind = "plain",
  wide,
  small,
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
      className={`btn ${kind} ${wide ? "wide" : ""} ${small ? "small" : ""} ${className}`}
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

interface ChooseProps {
  /** label names the choice, and stands in it while nothing is chosen. */
  label: string;
  value: string | undefined;
  options: { value: string; label: string }[];
  onChange: (value: string | undefined) => void;
}

/** Choose is one of several, or none: the browser's own list, which every keyboard, thumb and screen reader knows. */
export function Choose({ label, value, options, onChange }: ChooseProps) {
  return (
    <select
      className={`choose ${value ? "on" : ""}`}
      aria-label={label}
      value={value ?? ""}
      onChange={(e) => onChange(e.target.value || undefined)}
    >
      <option value="">{label}</option>
      {options.map((o) => (
        <option key={o.value} value={o.value}>
          {o.label}
        </option>
      ))}
    </select>
  );
}

/** useAway closes what is open when one clicks beside it or leaves it by Escape, which gives the focus back to its button. */
export function useAway<T extends HTMLElement>(open: boolean, close: () => void) {
  const box = useRef<T>(null);
  const act = useRef(close);
  act.current = close;
  useEffect(() => {
    if (!open) return;
    const away = (e: Event) => {
      if (e instanceof KeyboardEvent ? e.key !== "Escape" : box.current?.contains(e.target as Node)) return;
      if (e instanceof KeyboardEvent) box.current?.querySelector("button")?.focus();
      act.current();
    };
    document.addEventListener("pointerdown", away);
    document.addEventListener("keydown", away);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("keydown", away);
    };
  }, [open]);
  return box;
}

/** Pop opens something small below its button. */
export function Pop({
  label,
  small,
  children,
}: {
  label: string;
  small?: boolean;
  children: (close: () => void) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const box = useAway<HTMLDivElement>(open, close);
  return (
    <div className="menu" ref={box}>
      <Button small={small} aria-expanded={open} onClick={() => setOpen(!open)}>
        {label}
      </Button>
      {open && <div className="pop">{children(close)}</div>}
    </div>
  );
}

/** Dialog lies over the page until it is closed; the browser keeps the focus inside, and gives it back. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const w = useWords(words);
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>("input, select, textarea")?.focus(); // else the cross would have it
    return () => dialog?.close(); // taken away while open, it would keep the focus
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard has Escape, which the browser turns into cancel
    <dialog
      ref={box}
      className="dialog"
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onClick={(e) => e.target === box.current && onClose()}
    >
      <div className="dialog-in">
        <div className="row between">
          <h2 id={id}>{title}</h2>
          <button type="button" className="iconbtn" aria-label={w.close} title={w.close} onClick={onClose}>
            ✕
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
