import type { Journal } from './journal.ts';
import type { Prepare } from './statements.ts';

/** What a person can order about an issue. */
export const ORDER_KINDS = ['cancel', 'reassign'] as const;
export type OrderKind = (typeof ORDER_KINDS)[number];

/** An order to the dispatcher, as the ledger holds it. It is open until its aim is reached. */
export interface Order {
  readonly id: string;
  readonly kind: OrderKind;
  readonly issue: string;
  /** The run that it ends; null where there is none, or before it was taken up. */
  readonly run: string | null;
  /** Who is to get the issue, of `reassign`. */
  readonly agent: string | null;
  readonly reason: string;
  readonly who: string;
  /** RFC 3339. */
  readonly at: string;
  /** When a dispatcher took it up; null before. */
  readonly begun_at: string | null;
  readonly done_at: string | null;
  /** What came of it, a stable word. */
  readonly outcome: string | null;
  /** The same in words. */
  readonly detail: string | null;
}

/** An order that is given now. */
export type NewOrder = Pick<
  Order,
  'id' | 'kind' | 'issue' | 'run' | 'agent' | 'reason' | 'who' | 'at'
>;

/** What the ledger knows about orders. */
export interface OrderTable {
  /** Gives an order; durable when it returns. */
  giveOrder(order: NewOrder): void;
  /** Journals that an order is about to be carried out, on a run or on an issue without one. */
  beginOrder(id: string, facts: { readonly run: string | null; readonly at: string }): void;
  /** Journals what came of an order, and closes it. */
  endOrder(
    id: string,
    facts: { readonly outcome: string; readonly detail: string; readonly at: string },
  ): void;
  /** Orders that are not carried out yet, oldest first. */
  openOrders(): Order[];
  order(id: string): Order | null;
  /** Every order about an issue, or about all, oldest first. */
  orders(issue?: string): Order[];
}

/** Orders in an open ledger. */
export function orderTable(prepare: Prepare, journal: Journal): OrderTable {
  const find = (id: string): Order | null =>
    prepare<[string], Order>('SELECT * FROM orders WHERE id = ?').get(id) ?? null;
  return {
    giveOrder(order) {
      prepare<[object]>(
        `INSERT INTO orders (id, kind, issue, run, agent, reason, who, at)
         VALUES (@id, @kind, @issue, @run, @agent, @reason, @who, @at)`,
      ).run(order);
    },
    beginOrder(id, { run, at }) {
      const order = find(id);
      if (order === null || order.begun_at !== null) return;
      const { kind, issue, agent, reason, who } = order;
      const data = { id, kind, agent, reason, who };
      journal.write(() => {
        if (run === null) journal.appendOfIssue(issue, { type: 'ordered', at, data });
        else journal.append(run, { type: 'ordered', at, data });
        prepare<[object]>(
          'UPDATE orders SET begun_at = @at, run = coalesce(@run, run) WHERE id = @id',
        ).run({ id, at, run });
      });
    },
    endOrder(id, { outcome, detail, at }) {
      const order = find(id);
      if (order === null || order.done_at !== null) return;
      const { kind, issue, run, agent } = order;
      journal.write(() => {
        const data = { id, kind, agent, outcome, detail };
        if (run === null) journal.appendOfIssue(issue, { type: 'order_ended', at, data });
        else journal.append(run, { type: 'order_ended', at, data });
        prepare<[object]>(
          'UPDATE orders SET done_at = @at, outcome = @outcome, detail = @detail WHERE id = @id',
        ).run({ id, at, outcome, detail });
      });
    },
    openOrders: () =>
      prepare<[], Order>('SELECT * FROM orders WHERE done_at IS NULL ORDER BY rowid').all(),
    order: find,
    orders: (issue) =>
      issue === undefined
        ? prepare<[], Order>('SELECT * FROM orders ORDER BY rowid').all()
        : prepare<[string], Order>('SELECT * FROM orders WHERE issue = ? ORDER BY rowid').all(
            issue,
          ),
  };
}
