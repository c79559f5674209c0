// Package patterns finds what has a form of its own in any text: e-mail
// addresses, URLs, phone numbers, and, in English words or in digits, numbers.
//
//	type    example                  value
//	email   Ann.Lee@example.com      ann.lee@example.com
//	url     example.com/a?b=c        as it stands
//	phone   (541) 754-3010           +15417543010
//	money   $59.99, twenty euros     59.99 USD, 20 EUR
//	percent fifteen percent, 4 %     15%, 4%
//	number  two hundred and five     205
//
// # Definitions
//
// An e-mail address has a dotted host of letters, digits and hyphens, or an
// address of IPv4 in brackets. A URL has a scheme and two slashes, or is a host
// under a top-level domain that exists; where the last label of a bare host is
// an English word or the ending of a file (done.it, README.md), it needs "www."
// or a path. A phone number is valid in the numbering plan of its country, which
// is that of its +, or the one of the Finder; without a + its groups are those
// of the plan in North America. A number is written with digits (1,234.5; 10k)
// or with words; "one" alone is a pronoun, and a number that is a part of a word
// (29km, 3rd) is none. It is money where a sign or a word of money stands beside
// it, whose code is the one that it mostly means, and a percentage before "%" or
// "percent".
//
// What is found does not overlap: an address goes before a URL, a URL before a
// phone number, and all before a number. Who also has moments should drop the
// numbers and the phone numbers without a + that overlap one, and the moments
// that overlap an address, a URL, or another phone number.
//
// # Limits
//
// Extensions of phone numbers are not read, nor short codes, nor, in one text,
// more than the first 256 runs of digits that look like a phone number. A run of
// characters without a blank longer than 2,048 bytes is not looked into. Numbers
// in the words of other languages are not known.
//
// A [Finder] does not change and may be shared. Finding is linear in the length
// of the text.
package patterns
