import { App } from "antd";
import { Outlet } from "react-router";
import { Library } from "@/ui/library";

/** LibraryPages are those whose every part is of the component library, questions before a step that cannot be taken back among them. */
export default function LibraryPages() {
  return (
    <Library>
      <App component={false}>
        <Outlet />
      </App>
    </Library>
  );
}
