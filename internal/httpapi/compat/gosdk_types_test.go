package compat

// The types into which Symbl's Go SDK decodes answers, by the names and the kinds of
// its fields: facts of its repository at 3a1fdd9, of which no code is here. Fields
// that decode alike have one type.

type goRef struct {
	ID, Text, StartTime, EndTime string
	Offset                       int
}

type goFrom struct{ ID, Name string }

type goSentiment struct {
	Polarity  struct{ Score float64 }
	Suggested string
}

type goEntityInsight struct {
	Type, Text, End string
	Offset          int
}

type goTask struct {
	ID, Text, Type, DueBy string
	MessageIDs            []string
	Entities              []goEntityInsight
	Phrases               []string
	From, Assignee        goFrom
	Definitive            bool
}

type goFollowUp struct {
	goTask

	Score int
}

type goActionItem struct {
	goTask

	Score float64
}

type goMessage struct {
	ID, Text, StartTime, EndTime, ConversationID string
	From                                         goFrom
	TimeOffset, Duration                         float64
	Phrases                                      []string
	Sentiment                                    goSentiment
	Words                                        []struct {
		Word, StartTime, EndTime    string
		SpeakerTag                  int
		Score, TimeOffset, Duration float64
	}
}

type goShare struct{ Percentage, Seconds float64 }

type goMember struct {
	ID, Name, Email      string
	Pace                 struct{ WPM int }
	TalkTime, ListenTime goShare
	Overlap              struct{}
}

type goConversation struct {
	ID, Type, Name, StartTime, EndTime string
	Members                            []goMember
	Metadata                           struct{}
}

type goTracker struct {
	ID, Name string
	Matches  []struct {
		Type, Value string
		MessageRefs []goRef
		InsightRefs []struct{ ID, Type, Text string }
	}
}

type goSavedTracker struct {
	ID, Name, Description, CreatedOn, UpdatedOn string
	Categories, Languages, Vocabulary           []string
}

type goSavedEntity struct {
	ID, Type, SubType, Category string
	Values                      []string
}

type goGroup struct{ ID, Name, Description, Criteria string }
