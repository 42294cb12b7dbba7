// Package intake takes orders, merchants, buyers and claims from files: CSV as
// spreadsheets write it, or JSON Lines as the API takes it, in UTF-8 or
// GB18030. What is wrong with a row costs that row alone and is told with its
// line, its field and what to do. Reading a file again changes nothing, so
// that an import that was cut off is simply run once more.
//
// It decides nothing: each row goes through the desk's own use cases.
package intake
