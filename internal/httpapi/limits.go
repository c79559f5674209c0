package httpapi

// What a request may hold. Characters are Unicode code points.
const (
	maxBody       = 1 << 20  // bytes of a request's body, expanded if it is compressed
	maxPublicBody = 16 << 10 // the same of a request without a token
	maxDepth      = 32       // arrays and objects within one another
	maxItems      = 1000     // of any list, messages included
	maxContent    = 64 << 10 // bytes of one message's text
	maxName       = 512      // characters of a conversation's name
	maxSpeaker    = 256      // characters of a speaker's name, id, user id
	maxTerm       = 256      // characters of an entity's or tracker's texts, and of a conversation type
	maxTerms      = 25_000   // of the trackers of a submission
	maxMetadata   = 100      // members of metadata
	maxLabel      = 128      // characters of a name or a value in metadata
	maxLanguage   = 35       // characters of a language code, as BCP 47 allows for
	maxFeatures   = 16 << 10 // bytes of the features object
	maxOffset     = 24 * 60  // minutes of a time zone's offset, either way
	maxExternal   = 256      // characters of an external id
	maxKey        = 255      // characters of an Idempotency-Key
	maxID         = 128      // characters of an X-Request-Id that is taken over
	minYear       = 1900     // of a date-time. Both years are such that any two
	maxYear       = 2100     // times are less than a time.Duration apart.
	maxHeader     = 16 << 10 // bytes of a request's header
	maxPath       = 200      // bytes of a field's path in an error
)
