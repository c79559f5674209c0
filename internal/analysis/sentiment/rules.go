package sentiment

// What a word before another adds to its value, and takes off it.
const (
	stronger = 0.293
	weaker   = -0.293
)

//nolint:gochecknoglobals // constant lists of VADER, which tests compare with govader's
var (
	// negations turn the value of a word that follows them.
	negations = map[string]bool{
		"ain't": true, "aint": true, "aren't": true, "arent": true, "can't": true, "cannot": true,
		"cant": true, "couldn't": true, "couldnt": true, "daren't": true, "darent": true, "despite": true,
		"didn't": true, "didnt": true, "doesn't": true, "doesnt": true, "don't": true, "dont": true,
		"hadn't": true, "hadnt": true, "hasn't": true, "hasnt": true, "haven't": true, "havent": true,
		"isn't": true, "isnt": true, "mightn't": true, "mightnt": true, "mustn't": true, "mustnt": true,
		"needn't": true, "neednt": true, "neither": true, "never": true, "none": true, "nope": true,
		"nor": true, "not": true, "nothing": true, "nowhere": true, "oughtn't": true, "oughtnt": true,
		"rarely": true, "seldom": true, "shan't": true, "shant": true, "shouldn't": true,
		"shouldnt": true, "uh-uh": true, "uhuh": true, "wasn't": true, "wasnt": true, "weren't": true,
		"werent": true, "without": true, "won't": true, "wont": true, "wouldn't": true, "wouldnt": true,
	}

	// strengths tell what a word adds to the value of one that follows it.
	strengths = map[string]float64{
		"absolutely": stronger, "amazingly": stronger, "awfully": stronger, "completely": stronger,
		"considerable": stronger, "considerably": stronger, "decidedly": stronger, "deeply": stronger,
		"effing": stronger, "enormous": stronger, "enormously": stronger, "entirely": stronger,
		"especially": stronger, "exceptional": stronger, "exceptionally": stronger, "extreme": stronger,
		"extremely": stronger, "fabulously": stronger, "flippin": stronger, "flipping": stronger,
		"frackin": stronger, "fracking": stronger, "frickin": stronger, "fricking": stronger,
		"friggin": stronger, "frigging": stronger, "fuckin": stronger, "fucking": stronger,
		"fuggin": stronger, "fugging": stronger, "fully": stronger, "greatly": stronger,
		"hella": stronger, "highly": stronger, "hugely": stronger, "incredible": stronger,
		"incredibly": stronger, "intensely": stronger, "major": stronger, "majorly": stronger,
		"more": stronger, "most": stronger, "particularly": stronger, "purely": stronger,
		"quite": stronger, "really": stronger, "remarkably": stronger, "so": stronger,
		"substantially": stronger, "thoroughly": stronger, "total": stronger, "totally": stronger,
		"tremendous": stronger, "tremendously": stronger, "uber": stronger, "unbelievably": stronger,
		"unusually": stronger, "utter": stronger, "utterly": stronger, "very": stronger,
		"almost": weaker, "barely": weaker, "hardly": weaker, "just enough": weaker, "kind of": weaker,
		"kind-of": weaker, "kinda": weaker, "kindof": weaker, "less": weaker, "little": weaker,
		"marginal": weaker, "marginally": weaker, "occasional": weaker, "occasionally": weaker,
		"partly": weaker, "scarce": weaker, "scarcely": weaker, "slight": weaker, "slightly": weaker,
		"somewhat": weaker, "sort of": weaker, "sort-of": weaker, "sorta": weaker, "sortof": weaker,
	}

	// idioms have a value of their own, whatever their words say.
	idioms = map[string]float64{
		"the shit": 3, "the bomb": 3, "bad ass": 1.5, "badass": 1.5,
		"yeah right": -2, "kiss of death": -1.5, "to die for": 3,
	}
)
