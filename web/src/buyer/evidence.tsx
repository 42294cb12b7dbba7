import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Case, Item, Requirement } from "@/api/schema";
import { Photos } from "@/claim/photos";
import { Sendings, TakePicture } from "@/claim/sender";
import type { Courier, Sending } from "@/claim/upload";
import { Tag } from "@/ui/kit";
import { useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import { purposes, useWord } from "@/words/domain";
import { pick, useLanguage, useWords } from "@/words/language";
import { mediaOf, missingFrom } from "./filing";
import { filingWords } from "./words";

interface Props {
  need: Requirement[];
  of: Case;
  courier: Courier;
  sending: Sending[];
}

/** EvidenceStep asks for one picture after the other and says why; the camera opens from the page. */
export function EvidenceStep({ need, of, courier, sending }: Props) {
  const w = useWords(filingWords);
  const language = useLanguage();
  const word = useWord();
  const missing = missingFrom(need, of.claim.evidence ?? []);
  const items = of.evidence ?? [];
  const kept = new Set(items.map((it) => it.id));
  const remove = useRemove(of, courier, sending);
  const going = (purpose: string) => sending.filter((s) => s.purpose === purpose && !kept.has(s.evidence ?? ""));
  return (
    <div className="stack">
      <p className="muted">{need.length > 0 ? w.evidenceHint : w.noneNeeded}</p>
      {need.map((r) => {
        const lacking = missing.includes(r);
        return (
          <section key={r.purpose + r.medium} className="card stack" style={{ gap: 12 }}>
            <div className="row between">
              <h2>{word(purposes, r.purpose)}</h2>
              <Tag tone={lacking ? "amber" : "good"}>
                <span aria-hidden="true">{lacking ? "○" : "✓"}</span>
                {lacking ? w.still : w.got}
              </Tag>
            </div>
            <p className="muted">{pick(r.text, language)}</p>
            <OfPurpose items={items} purpose={r.purpose} remove={remove} />
            <Sendings courier={courier} list={going(r.purpose)} />
            <TakePicture
              courier={courier}
              purpose={r.purpose}
              media={mediaOf(r) as ("photo" | "video")[]}
              primary={lacking}
              about={word(purposes, r.purpose)}
            />
          </section>
        );
      })}
      <section className="card stack" style={{ gap: 12 }}>
        <h2>{w.extra}</h2>
        <p className="muted">{w.extraHint}</p>
        <OfPurpose items={items} purpose="other" remove={remove} />
        <Sendings courier={courier} list={going("other")} />
        <TakePicture courier={courier} purpose="other" media={["photo", "video"]} about={w.extra} />
      </section>
    </div>
  );
}

/** useRemove takes a picture out of the draft, after asking once more. */
function useRemove(of: Case, courier: Courier, sending: Sending[]): (it: Item) => void {
  const w = useWords(filingWords);
  const trouble = useTroubleText();
  const queries = useQueryClient();
  const { id } = of.claim;
  const removal = useMutation({
    mutationFn: (evidence: string) =>
      api.DELETE("/v1/claims/{id}/evidence/{evidence}", { params: { path: { id, evidence } } }),
    onSuccess: (_, evidence) => {
      // Else the list of what was sent would show it again, as arrived.
      for (const s of sending) if (s.evidence === evidence) courier.drop(s.key);
      toast(w.removed);
    },
    onError: (e) => toast(trouble(e)),
    onSettled: () => queries.invalidateQueries({ queryKey: ["claim", id] }),
  });
  return (it) => {
    if (!removal.isPending && confirm(w.removeSure)) removal.mutate(it.id);
  };
}

interface OfPurposeProps {
  items: Item[];
  purpose: string;
  remove: (it: Item) => void;
}

function OfPurpose({ items, purpose, remove }: OfPurposeProps) {
  const mine = items.filter((it) => it.purpose === purpose && it.party === "buyer");
  return mine.length > 0 ? <Photos items={mine} names={false} remove={remove} /> : null;
}
