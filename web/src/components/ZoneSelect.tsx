import { Select, type SelectProps } from "@mantine/core";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone")];

/** A time zone by its IANA name. */
export function ZoneSelect({
  value,
  onChange,
  ...props
}: { value: string; onChange: (zone: string) => void } & Omit<
  SelectProps<string>,
  "data" | "value" | "onChange"
>) {
  return (
    <Select
      {...props}
      data={[...new Set([...ZONES, value])]}
      value={value}
      searchable
      limit={200}
      allowDeselect={false}
      onChange={(zone) => onChange(zone ?? value)}
    />
  );
}
