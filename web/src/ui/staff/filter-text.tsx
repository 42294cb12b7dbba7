import { useState } from "react";
import { Button } from "@/ui/kit";

interface TextProps {
  name: string;
  /** hint stands in the empty field instead of its name */
  hint?: string;
  start: string;
  set: (text: string) => void;
  button?: string;
  narrow?: boolean;
}

/** FilterText is a field whose words count once Enter is pressed, it is left, or it is emptied. */
export function FilterText({ name, hint, start, set, button, narrow }: TextProps) {
  const [typed, setTyped] = useState(start);
  const [from, setFrom] = useState(start);
  if (from !== start) {
    // The address has changed from elsewhere: by "Clear", or going back.
    setFrom(start);
    setTyped(start);
  }
  return (
    <form
      className={button ? "op-words wide" : "op-words"}
      onSubmit={(e) => {
        e.preventDefault();
        set(typed);
      }}
    >
      <input
        className="input"
        type="search"
        aria-label={name}
        placeholder={hint ?? name}
        maxLength={64}
        style={narrow ? { width: 140 } : undefined}
        value={typed}
        onBlur={() => typed.trim() !== start && set(typed)}
        onChange={(e) => {
          setTyped(e.target.value);
          if (e.target.value === "" && start) set("");
        }}
      />
      {button && (
        <Button type="submit" className="op-small nowrap">
          {button}
        </Button>
      )}
    </form>
  );
}
