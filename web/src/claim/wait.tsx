import { Loading, TroubleBox } from "@/ui/states";

/** Wait stands where a buyer's page is on its way. */
export const Wait = () => (
  <main id="main" className="page narrow">
    <Loading lines={6} />
  </main>
);

/** Trouble stands where it could not be had. */
export const Trouble = ({ error, retry }: { error: unknown; retry: () => void }) => (
  <main id="main" className="page narrow">
    <TroubleBox error={error} retry={retry} />
  </main>
);
