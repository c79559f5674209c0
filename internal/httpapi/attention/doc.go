// Package attention serves the v2 API of Attention: the same conversations, as
// resources, and imports of transcripts.
//
// Its errors have a form of their own. What this service does not know of a
// conversation is answered as empty.
package attention
