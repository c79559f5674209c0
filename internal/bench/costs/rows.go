package costs

import "context"

// A row is an address with what is asked of it. In the path, the query, the body and the
// values of headers, names in braces stand for what there is, see [stock.resolve].
type row struct {
	method, path string
	body         string
	headers      []string // names and values by turns
	note         string   // what sets it apart from others of the address
	once         bool     // it cannot be called twice
	prepare      func(ctx context.Context, c *caller, s *stock) error
}

func (r row) name() string {
	name := r.method + " " + r.path
	if r.note != "" {
		name += " (" + r.note + ")"
	}
	return name
}

func get(path string) row        { return row{method: "GET", path: path} }
func put(path, body string) row  { return row{method: "PUT", path: path, body: body} }
func post(path, body string) row { return row{method: "POST", path: path, body: body} }

// noted returns the row with a note and headers.
func (r row) noted(note string, headers ...string) row {
	r.note, r.headers = note, headers
	return r
}

// after returns the row with something that comes first, and is not measured.
func (r row) after(prepare func(ctx context.Context, c *caller, s *stock) error) row {
	r.prepare = prepare
	return r
}

// lastly returns a row that can be called once.
func lastly(path string) row { return row{method: "DELETE", path: path, once: true} }

// rows are all addresses, but for those that are other names of one: what ends something
// comes last.
func rows() []row {
	var all []row
	for _, some := range [][]row{textRows(), listRows(), conversationRows(), insightRows(), resourceRows(), manageRows(), webhookRows(), endRows()} {
		all = append(all, some...)
	}
	return all
}

const hi = `{"messages":[{"payload":{"content":"Hi."},"from":{"name":"Ann"}}]}`

func textRows() []row {
	return []row{
		post("/v1/process/text", hi),
		put("/v1/process/text/{conversation}", hi),
		get("/v1/job/{job}"),
		get("/v1/job/{job}/attempts"),
		get("/v1/jobs?limit=20"),
		get("/v1/jobs?limit=20&status=completed&counts=true"),
		get("/v1/jobs/{job}"),
		get("/v1/lanes?limit=20"),
	}
}

func listRows() []row {
	return []row{
		get("/v1/conversations?limit=20"),
		get("/v1/conversations?limit=20&sort=conversation.name&cursor=").noted("a part"),
		get("/v1/conversations?limit=20&sort=conversation.endTime&order=desc&cursor=").noted("a part"),
		get("/v1/conversations?limit=20&filter=conversation.name%3D%3Dnobody&cursor=").noted("a part, matches nothing"),
		get("/v2/conversations?page%5Bsize%5D=20"),
		get("/v2/conversations/list?page%5Bsize%5D=20"),
		get("/v1/groups/{group}/conversations?limit=20"),
		get("/v1/jobs?limit=50"),
		get("/v1/jobs?limit=50&status=failed"),
		get("/v1/jobs?limit=50&conversationId={conversation}"),
	}
}

func conversationRows() []row {
	return []row{
		get("/v1/conversations/{conversation}"),
		put("/v1/conversations/{conversation}", `{"name":"Name {n}"}`),
		get("/v1/conversations/{conversation}/messages"),
		get("/v1/conversations/{conversation}/messages").noted("unchanged", "If-None-Match", "{tag}").after(lookAtTag),
		get("/v1/conversations/{conversation}/messages?verbose=true&sentiment=true"),
		get("/v1/conversations/{conversation}/messages?limit=20"),
		get("/v1/conversations/{conversation}/members"),
		put("/v1/conversations/{conversation}/members/{member}", `{"id":"{member}","name":"Name {n}"}`),
		put("/v1/conversations/{conversation}/speakers", `{"speakerEvents":[{"type":"started_speaking","user":{"name":"Ann","email":"ann@example.com"},"offset":{"seconds":0}},{"type":"stopped_speaking","user":{"name":"Ann","email":"ann@example.com"},"offset":{"seconds":1}}]}`),
		post("/v1/conversations/{conversation}/transcript", `{"contentType":"text/markdown"}`),
		post("/v1/conversations/{conversation}/transcript", `{"contentType":"text/srt"}`).noted("SRT"),
	}
}

func insightRows() []row {
	all := []row{}
	for _, what := range []string{
		"analytics", "insights", "insights?limit=20", "questions", "action-items", "comprehensive/action-items", "follow-ups", "topics",
		"topics?customTopicVocabulary=word{n}", "abstract-topics", "entities", "intents", "trackers", "trackers-detected", "summary", "summary?refresh=true",
	} {
		all = append(all, get("/v1/conversations/{conversation}/"+what))
	}
	return append(all, post("/v1/conversations/{conversation}/summary", ""))
}

func resourceRows() []row {
	return []row{
		get("/v2/conversations/{other}"),
		get("/v2/conversations/{conversation}?detailedTranscript=true"),
		get("/v2/conversations/by-external-id/{external}"),
		put("/v2/conversations/{conversation}", `{"title":"Title {n}"}`),
		put("/v2/conversations/{conversation}/title", `{"title":"Title {n}"}`),
		put("/v2/conversations/{conversation}/labels", `{"labels":{"stage":"{n}"}}`),
		{method: "PUT", path: "/v2/conversations/{conversation}/change_privacy"},
		post("/v2/conversations/import", `{"title":"Import {n}","externalId":"import-{n}","transcript":{"v1":{"final":[{"speaker":"Ann","sentence":"Hi."}]}}}`),
	}
}

func manageRows() []row {
	return []row{
		post("/v1/manage/trackers", `{"name":"Tracker {n} made","vocabulary":["word {n}"]}`),
		get("/v1/manage/trackers"),
		get("/v1/manage/trackers/{tracker}"),
		put("/v1/manage/trackers/{tracker}", `{"name":"Tracker","vocabulary":["word {n}"]}`),
		get("/v1/manage/entities"),
		get("/v1/manage/groups"),
	}
}

func webhookRows() []row {
	return []row{
		get("/v1/webhooks/deliveries?limit=20"),
		get("/v1/webhooks/deliveries?limit=20&state=dead"),
		get("/v1/webhooks/deliveries?limit=20&conversationId={other}"),
		get("/v1/webhooks/deliveries/{delivery}"),
		get("/v1/webhooks/endpoints"),
		get("/v1/webhooks/endpoints/{endpoint}"),
		get("/v1/webhooks/resends"),
		post("/v1/webhooks/test", `{"url":"{hook}"}`),
		get("/v1/webhooks/secrets"),
		post("/v1/webhooks/endpoints/{endpoint}/pause", ""),
		post("/v1/webhooks/endpoints/{endpoint}/resume", ""),
	}
}

// endRows come after all others: they end what there is.
func endRows() []row {
	resends := post("/v1/webhooks/resends", `{"rate":1}`)
	resends.once = true
	resend := post("/v1/webhooks/deliveries/{delivery}/resend", "")
	resend.once = true
	return []row{
		resend,
		resends,
		lastly("/v1/webhooks/resends/{resend}").after(lookForResend),
		lastly("/v1/webhooks/endpoints/{endpoint}/dead"),
		lastly("/v1/manage/trackers/{tracker}"),
		lastly("/v2/conversations/{other}"),
		lastly("/v1/conversations/{conversation}"),
	}
}
