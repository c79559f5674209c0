// Package mailtext finds what the writer of a mail says in its body: without what
// is quoted of others, without a signature and without the footers of lists.
//
//	HTML → FromHTML ─┐
//	text → Unflow ───┴→ Own
//
// The package knows neither mails nor their parts.
package mailtext
