// Colours of the map; the page around it takes the same from style.css.

export type RGB = [number, number, number];
export type Theme = {
  dark: boolean; paper: string; panel: string; ink: string; second: string; muted: string; hair: string; history: string;
  ring: string; attacker: string; attackerText: string; defender: string; defenderText: string; icon: string; sea: string;
  lake: string; river: string; coast: string; rail: string; railGap: string; road: string; border: string; region: string;
  range: string; water: string; halo: string; control: RGB; belief: RGB; opacity: [number, number, number]; multiply: boolean; light: RGB;
  shade: RGB; lightShare: number; shadeShare: number; line: string; faintLine: string; less: string; more: string; cover: Record<string, string>;
};

const LIGHT: Theme = {
  dark: false, paper: "#FBFAF6", panel: "#FFFFFF", ink: "#1E2227", second: "#5A6068", muted: "#6C7177", hair: "#E2DDD2",
  history: "#111418", ring: "#FFFFFF", attacker: "#B23A2E", attackerText: "#8E2A20", defender: "#27548A",
  defenderText: "#1E4270", icon: "#FFFFFF", sea: "#DBE6EA", lake: "#CDDFE6", river: "#8FB0C0", coast: "#7B939F",
  rail: "#574E45", railGap: "#FBFAF6", road: "#A79C8B", border: "#6E665C", region: "#6F6759", range: "#746B55",
  water: "#3F6F8A", halo: "rgba(251,250,246,.86)", control: [200, 67, 47], belief: [39, 84, 138], opacity: [0.12, 0.15, 0.16], multiply: true,
  light: [255, 253, 244], shade: [78, 74, 96], lightShare: 0.55, shadeShare: 0.36, line: "#B8321F", faintLine: "#CE8375", less: "#544896", more: "#BE6C1C",
  cover: {
    sea: "#DBE6EA", desert: "#F3EAD8", dunes: "#F1E6D0", steppe: "#F0ECD9", farmland: "#F5F2E4", forest: "#E1E8D6",
    wetland: "#D9E6DF", tundra: "#E9E9E1", urban: "#E8E2D6",
  },
};

const DARK: Theme = {
  dark: true, paper: "#15181C", panel: "#1A1E22", ink: "#ECE9E1", second: "#A4AAB1", muted: "#8A9199", hair: "#2D3238",
  history: "#FFFFFF", ring: "#15181C", attacker: "#E0644F", attackerText: "#F08A74", defender: "#6FA3DC",
  defenderText: "#9CC3EE", icon: "#14171A", sea: "#10171D", lake: "#16232C", river: "#3C5B6E", coast: "#4E6472",
  rail: "#A39A8C", railGap: "#22272A", road: "#5F5A52", border: "#8C867C", region: "#8F897E", range: "#8A8477",
  water: "#7FA6BD", halo: "rgba(21,24,28,.82)", control: [232, 88, 63], belief: [111, 163, 220], opacity: [0.16, 0.17, 0.18], multiply: false,
  light: [255, 253, 244], shade: [0, 0, 0], lightShare: 0.2, shadeShare: 0.42, line: "#F0604A", faintLine: "#9A4A3E", less: "#9A8FE0", more: "#E09A55",
  cover: {
    sea: "#10171D", desert: "#302E2A", dunes: "#322F29", steppe: "#2D2E2B", farmland: "#30312D", forest: "#28302B",
    wetland: "#232D2D", tundra: "#292B2C", urban: "#36332F",
  },
};

export const theme = (dark: boolean): Theme => (dark ? DARK : LIGHT);
export const SANS = '"Source Sans 3 Variable", "Source Sans 3", system-ui, sans-serif';
export const SERIF = '"Source Serif 4 Variable", "Source Serif 4", Georgia, serif';

/** `#RRGGBB` as three numbers. */
export function rgb(hex: string): RGB {
  const n = parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}
