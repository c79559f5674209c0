package speech

// A class is what the rules know of a word. A word may be of several. The
// files in data have the words of each class and say what belongs there.
type class uint32

const (
	talk       class = 1 << iota // a verb of communicating or meeting
	task                         // a verb of doing something that can be finished
	vague                        // a verb that says little without what follows it
	weak                         // a verb of presence or of the conversation itself
	state                        // a verb of being or feeling
	aside                        // a verb of saying: "I must say"
	formula                      // what "please" says out of politeness
	answer                       // what a request for words asks for
	past                         // the participle of a verb of doing
	adverb                       // may stand between subject, auxiliary and verb
	opener                       // may stand before a clause
	hedge                        // makes less certain
	object                       // a pronoun that something is done to
	determiner                   // begins a noun phrase
	subject                      // a pronoun that does something
	agent                        // a common noun for people who are given work
	noun                         // of a meeting or a message
	due                          // of a time that something may be due at
	ends                         // begins a clause of its own
	common                       // begins a sentence, and is no name
	wh                           // begins a question
	cue                          // the rules look for a task there
	auxiliary
	not
	small   // what small talk asks after
	page    // of text on a page or in a mailing
	carrier // a verb that may have a meeting or a message for its object
	gerund  // the -ing form of a verb; it has no file

	verb = talk | task | vague | weak | state | aside | formula | answer
)

// classNames returns the files of the classes, in the order of their bits.
func classNames() []string {
	return []string{
		"talk", "task", "vague", "weak", "state", "aside", "formula", "answer", "past",
		"adverb", "opener", "hedge", "object", "determiner", "subject", "agent", "noun", "due",
		"ends", "common", "wh", "cue", "auxiliary", "not", "small", "page", "carrier",
	}
}

// A list is a set of words that one rule looks for, or a few. The rule says
// nothing of single words, so a list grows without a change of code. Its file
// in data says what belongs there.
type list uint64

const (
	greeting list = 1 << iota
	opinion
	trouble
	choice
	pointer
	detail
	condition
	step
	contribution
	praise
	proposal
	plan
	attempt
	wish
	announcing
	orderLead
	lightVerb
	particle
	crowd
	loose
	clauseSubject
	newSubject
	shortTime
	quantifier
	adverbial
	reported
	subordinator
	news
	leisure
	echo
	afterAnyone
	whIs
	welcome
	afterCall
	clausePreposition
	contact
	informed
	made
	handling
	message
	arranging
	slot
	partNoun
	leading
	ability
	doObject
	emptyObject
	inserted
	notVerb
	mood
	spot
	pledge
	deliverable
	title
	unforbidden
	toPerson
	withPerson
	plainVerb
	ordinal
	hour
	thing
	mentioning
)

// listNames returns the files of the lists, in the order of their bits.
func listNames() []string {
	return []string{
		"greeting", "opinion", "trouble", "choice", "pointer", "detail", "condition",
		"step", "contribution", "praise", "proposal", "plan", "attempt", "wish",
		"announcing", "order_lead", "light_verb", "particle", "crowd", "loose", "clause_subject",
		"new_subject", "short_time", "quantifier", "adverbial", "reported", "subordinator", "news",
		"leisure", "echo", "after_anyone", "wh_is", "welcome", "after_call", "clause_preposition",
		"contact", "informed", "made", "handling", "message", "arranging", "slot",
		"part_noun", "leading", "ability", "do_object", "empty_object", "inserted", "not_verb",
		"mood", "spot", "pledge", "deliverable", "title", "unforbidden", "to_person", "with_person", "plain_verb", "ordinal", "hour", "thing", "mentioning",
	}
}
