import type { FieldProblem } from "./schema";

/** Trouble is what the server (RFC 9457) or the network says went wrong. */
export interface Trouble {
  code: string;
  status: number;
  title: string;
  detail: string;
  errors?: FieldProblem[];
  requestId?: string;
}

/** ProblemError carries a Trouble; code "offline" means that nobody answered. */
export class ProblemError extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.detail || trouble.title || trouble.code);
    this.name = "ProblemError";
  }
}

export async function asProblem(response: Response): Promise<Trouble> {
  const requestId = response.headers.get("X-Request-Id") ?? undefined;
  try {
    const body = await response.clone().json();
    return {
      code: String(body.code ?? response.status),
      status: response.status,
      title: String(body.title ?? ""),
      detail: String(body.detail ?? ""),
      errors: Array.isArray(body.errors) ? body.errors : undefined,
      requestId,
    };
  } catch {
    return {
      code: String(response.status),
      status: response.status,
      title: response.statusText,
      detail: "",
      requestId,
    };
  }
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof ProblemError) return error.trouble;
  return { code: "unexpected", status: 0, title: "", detail: error instanceof Error ? error.message : String(error) };
}

export const isOffline = (error: unknown) => troubleOf(error).code === "offline";
