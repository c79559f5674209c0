package inference

// A Question is put to a chat model.
type Question struct {
	Name         string         // what is asked for, as in "tasks": letters, digits, - and _
	System, User string         // the instructions, and what they are about
	Schema       map[string]any // a JSON schema that the answer keeps to
	MaxTokens    int            // of the answer
}
