// Package costs measures what each address of the API costs by how much there is: with
// 1,000, 10,000 and 100,000 messages in a conversation, and as many conversations, jobs
// and undeliverable webhooks in an account.
//
// What is measured is the product as it runs, see [process]: one caller calls each
// address again and again, and what Redis and the worker used meanwhile is divided by
// the calls. What both use while nobody calls is part of it: some hundredths of a
// millisecond a call.
//
//	costs.go   the run: sizes and rows one after another
//	rows.go    the addresses
//	stock.go   what there is before the first call
//	call.go    one call, and what many of them cost
//	report.go  what is printed
package costs
