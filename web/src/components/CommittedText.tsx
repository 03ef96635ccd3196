import { TextInput } from "@mantine/core";
import { useState } from "react";

interface CommittedTextProps {
  label: string;
  value: string;
  onCommit: (value: string) => void;
}

/** A text that counts once it is left or Enter is pressed; it follows when the value changes. */
export function CommittedText(props: CommittedTextProps) {
  return <Field key={props.value} {...props} />;
}

function Field({ label, value, onCommit }: CommittedTextProps) {
  const [text, setText] = useState(value);
  const commit = () => {
    if (text.trim() !== value) onCommit(text.trim());
  };
  return (
    <TextInput
      size="xs"
      w={140}
      placeholder={label}
      aria-label={label}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
      }}
    />
  );
}
