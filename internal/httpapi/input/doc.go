// Package input reads what callers send: bodies in JSON and queries.
//
// It holds the types of values that several dialects read, which bound what
// they read while they read it, and the checks of such values. What is wrong
// is refused with a sentence that names the field.
//
// It is liberal where the documents of the API contradict each other (booleans
// as strings, one item for a list) and strict about what would change a text
// silently: broken UTF-8, lone surrogates, members given twice.
package input
