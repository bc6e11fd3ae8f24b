/** How many spans of one local root are recorded. */
export interface BudgetLimits {
  /** Beyond so many, automatic spans are left out. */
  readonly perTrace: number;
  /** Beyond so many, every span but the root is. */
  readonly hardLimit: number;
}
