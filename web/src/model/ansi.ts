export interface Piece {
  text: string;
  /** A colour's number from 0 to 15, as terminals have them. */
  colour: number | null;
  isBold: boolean;
  isDim: boolean;
}

const ESCAPE = "\u001b";
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are made of them
const SEQUENCE = /\u001b(?:\[([0-9;?]*)([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;

/** A line as a terminal would colour it; other control sequences are left out. */
export function ansiPieces(line: string): Piece[] {
  if (!line.includes(ESCAPE)) return [{ text: line, colour: null, isBold: false, isDim: false }];
  const pieces: Piece[] = [];
  let style = { colour: null as number | null, isBold: false, isDim: false };
  let from = 0;
  for (const found of line.matchAll(SEQUENCE)) {
    if (found.index > from) pieces.push({ text: line.slice(from, found.index), ...style });
    from = found.index + found[0].length;
    if (found[2] === "m") style = styled(style, found[1] ?? "");
  }
  if (from < line.length) pieces.push({ text: line.slice(from), ...style });
  return pieces;
}

type Style = Omit<Piece, "text">;

function styled(style: Style, codes: string): Style {
  let next = style;
  const numbers = codes.split(";").map(Number);
  for (let index = 0; index < numbers.length; index += 1) {
    const code = numbers[index] ?? 0;
    if (code === 0) next = { colour: null, isBold: false, isDim: false };
    else if (code === 1) next = { ...next, isBold: true };
    else if (code === 2) next = { ...next, isDim: true };
    else if (code === 22) next = { ...next, isBold: false, isDim: false };
    else if (code >= 30 && code <= 37) next = { ...next, colour: code - 30 };
    else if (code >= 90 && code <= 97) next = { ...next, colour: code - 82 };
    else if (code === 39) next = { ...next, colour: null };
    else if (code === 38 || code === 48) {
      const [kind, value] = [numbers[index + 1], numbers[index + 2]];
      if (code === 38 && kind === 5 && value !== undefined && value < 16) {
        next = { ...next, colour: value };
      }
      index += kind === 5 ? 2 : 4;
    }
  }
  return next;
}

/** The line without any control sequence. */
export function plainText(line: string): string {
  return ansiPieces(line)
    .map((piece) => piece.text)
    .join("");
}

export interface Mark {
  text: string;
  isFound: boolean;
}

/** A text in pieces, those that contain what is looked for (in any case) marked. */
export function marked(text: string, wanted: string): Mark[] {
  if (wanted === "") return [{ text, isFound: false }];
  const marks: Mark[] = [];
  const [lower, sought] = [text.toLowerCase(), wanted.toLowerCase()];
  let from = 0;
  for (let at = lower.indexOf(sought); at >= 0; at = lower.indexOf(sought, from)) {
    if (at > from) marks.push({ text: text.slice(from, at), isFound: false });
    from = at + sought.length;
    marks.push({ text: text.slice(at, from), isFound: true });
  }
  if (from < text.length) marks.push({ text: text.slice(from), isFound: false });
  return marks;
}
