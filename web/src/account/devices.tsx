import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, must } from "@/api/client";
import type { ListAlert, ListOwnSession, OwnSession } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Button, Tag } from "@/ui/kit";
import { Loading, TroubleBox, useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import { useWords } from "@/words/language";
import { ownWords } from "./own-words";

const key = ["own-sessions"];

/** Devices lists where one is signed in, and ends what is not wanted. */
export function Devices() {
  const w = useWords(ownWords);
  const trouble = useTroubleText();
  const queries = useQueryClient();
  const list = useQuery({ queryKey: key, queryFn: () => must<ListOwnSession>(api.GET("/v1/me/sessions")) });
  const end = useMutation({
    mutationFn: async (id: string | undefined) => {
      if (id === undefined) await api.DELETE("/v1/me/sessions");
      else await api.DELETE("/v1/me/sessions/{id}", { params: { path: { id } } });
    },
    onSuccess: () => toast(w.ended),
    onError: (error) => toast(trouble(error)),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  });
  const items = list.data?.items ?? [];
  return (
    <section className="card stack">
      <div className="row between">
        <div>
          <h2>{w.devices}</h2>
          <p className="muted">{w.devicesAbout}</p>
        </div>
        {items.length > 1 && (
          <Button busy={end.isPending} onClick={() => end.mutate(undefined)}>
            {w.endOthers}
          </Button>
        )}
      </div>
      {list.isPending ? (
        <Loading lines={2} />
      ) : list.error ? (
        <TroubleBox error={list.error} retry={() => void list.refetch()} />
      ) : (
        <ul className="devices">
          {items.map((s) => (
            <Device key={s.id} one={s} busy={end.isPending} end={() => end.mutate(s.id)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Device({ one, busy, end }: { one: OwnSession; busy: boolean; end: () => void }) {
  const w = useWords(ownWords);
  const f = useFormat();
  const name = one.device || w.someDevice;
  return (
    <li className="row between">
      <div>
        <div className="row">
          <b>{name}</b> {one.current && <Tag tone="good">{w.thisOne}</Tag>}
        </div>
        <span className="muted num">
          {[one.address, w.seen(f.moment(one.seen)), w.since(f.moment(one.created))].filter(Boolean).join(" · ")}
        </span>
      </div>
      {!one.current && (
        <Button small busy={busy} aria-label={`${w.end}: ${name}`} onClick={end}>
          {w.end}
        </Button>
      )}
    </li>
  );
}

/** Alerts lists what changed in one's account lately. */
export function Alerts() {
  const w = useWords(ownWords);
  const f = useFormat();
  const list = useQuery({ queryKey: ["own-alerts"], queryFn: () => must<ListAlert>(api.GET("/v1/me/alerts")) });
  return (
    <section className="card stack">
      <div>
        <h2>{w.alerts}</h2>
        <p className="muted">{w.alertsAbout}</p>
      </div>
      {list.isPending ? (
        <Loading lines={2} />
      ) : list.error ? (
        <TroubleBox error={list.error} retry={() => void list.refetch()} />
      ) : list.data.items?.length ? (
        <ul className="devices">
          {list.data.items.map((a) => (
            <li key={a.id}>
              <b>{w.alert[a.kind] ?? a.kind}</b>
              <br />
              <span className="muted num">
                {[f.moment(a.at), a.name, a.device, a.address].filter(Boolean).join(" · ")}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="faint">{w.noAlerts}</p>
      )}
    </section>
  );
}
