import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { meQuery } from "@/session/me";
import { queries } from "@/session/queries";
import { router } from "@/shell/router";
import { Toasts } from "@/ui/toast";
import "@/ui/theme.css";

void queries.prefetchQuery(meQuery);
const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </StrictMode>,
  );
