import { useParams } from "react-router";
import ShopView from "./view";

export default function ShopClaimPage() {
  const { id = "" } = useParams();
  return <ShopView key={id} id={id} />;
}
