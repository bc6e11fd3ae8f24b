/** The token of the client that reaches the stock. */
export const STOCK = Symbol('stock');
