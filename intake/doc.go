// Package intake takes orders, merchants, buyers and claims from files: CSV as
// spreadsheets and platforms write it, Excel workbooks, or JSON Lines as the API
// takes it. What a file leaves unsaid (its encoding, its separator, whose
// export it is, how it writes decimals and dates) is recognised by looking at
// all of it, or asked for where it cannot be recognised safely.
//
// Three things hold. An order is kept whole or refused whole, wherever in the
// file its rows stand. A number is kept as it was meant or refused, never
// changed. Each row is taken, or counted and told with its line, its column
// and what to do. Reading a file again changes nothing, so that an import that
// was cut off is simply run once more.
//
// It decides nothing: each row goes through the desk's own use cases.
package intake
