export interface Test {
  file: string;
  name: string;
  passed: boolean | undefined;
}
export function claimsOf(page: string): { line: number; file: string; name: string }[];
export function unprovedRows(page: string): number[];
export function testsOfReport(
  report: {
    testResults: {
      name: string;
      assertionResults: { ancestorTitles: string[]; title: string; status: string }[];
    }[];
  },
  root: string,
): Test[];
export function testsOfList(list: { file: string; name: string }[], root: string): Test[];
export function checkClaims(page: string, tests: Test[]): string[];
