package input

// What bodies and queries may hold. Characters are Unicode code points.
const (
	MaxItems   = 1000     // of any list, messages included
	MaxContent = 64 << 10 // bytes of one message's text
	MaxName    = 512      // characters of a conversation's name
	MaxSpeaker = 256      // characters of a speaker's name, id, user id
	MaxTerm    = 256      // characters of an entity's or tracker's texts, and of a conversation type
	MaxLabel   = 128      // characters of a name or a value in metadata

	maxDepth    = 32   // arrays and objects within one another
	maxMetadata = 100  // members of metadata
	minYear     = 1900 // of a date-time. Both years are such that any two
	maxYear     = 2100 // times are less than a time.Duration apart.
	maxPath     = 200  // bytes of a field's path in an error
)
