export interface Container {
  readonly path: string;
}
export function findContainers(): readonly Container[] {
  return [];
}
