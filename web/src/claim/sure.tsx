import { type ReactNode, useState } from "react";
import { Button, Notice } from "@/ui/kit";
import { useTroubleText } from "@/ui/states";
import { useWords, type Words } from "@/words/language";

const words: Words<{ keep: string }> = { zh: { keep: "再想想" }, en: { keep: "Not yet" } };

interface SureProps {
  label: string;
  /** about is what follows from it, in one sentence. */
  about: string;
  kind: "plain" | "primary" | "danger";
  busy: boolean;
  disabled?: boolean;
  act: () => void;
  beside?: ReactNode;
}

/** Sure asks once more, in place, and says what follows, before something that cannot be taken back. */
export function Sure({ label, about, kind, busy, disabled, act, beside }: SureProps) {
  const w = useWords(words);
  const [asking, setAsking] = useState(false);
  if (!asking)
    return (
      <div className="stack" style={{ gap: 10 }}>
        <Button wide kind={kind} busy={busy} disabled={disabled} onClick={() => setAsking(true)}>
          {label}
        </Button>
        {beside}
      </div>
    );
  return (
    <Notice tone="amber" alert>
      <div className="stack" style={{ gap: 10 }}>
        <p>{about}</p>
        <div className="row">
          <Button kind={kind} busy={busy} onClick={act}>
            {label}
          </Button>
          <Button disabled={busy} onClick={() => setAsking(false)}>
            {w.keep}
          </Button>
        </div>
      </div>
    </Notice>
  );
}

/** Wrong says what the server refused, or that it cannot be reached. */
export function Wrong({ error }: { error: unknown }) {
  const trouble = useTroubleText();
  if (!error) return null;
  return (
    <Notice tone="seal" alert>
      {trouble(error)}
    </Notice>
  );
}
