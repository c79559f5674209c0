package store

import (
	"embed"
	"regexp"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

// luaFiles has every script, and in lib what scripts share.
//
//go:embed lua
var luaFiles embed.FS

// The scripts, each with the libraries that it is put behind, in this order.
var (
	acceptJobs         = script("accept_jobs", "base", "lane", "endpoints", "state", "listed", "jobs")
	claimJobs          = script("claim_jobs", "base", "lane", "endpoints", "state", "listed", "jobs")
	commitJobs         = script("commit_jobs", "base", "lane", "endpoints", "state", "listed", "jobs")
	stageEffects       = script("stage_effects", "base", "state")
	stageMembers       = script("stage_members", "state")
	failJob            = script("fail_job", "base", "lane", "endpoints", "state", "listed", "jobs")
	steerLane          = script("steer_lane", "base", "lane", "endpoints", "state", "listed", "jobs")
	goOnEvent          = script("go_on_event", "base", "lane", "endpoints", "again")
	cancelJob          = script("cancel_job", "state")
	claimEvent         = script("claim_event", "base", "lane", "endpoints", "events", "turns")
	settleEvents       = script("settle_events", "base", "lane", "endpoints", "events", "turns", "breaker", "dead")
	hearProbe          = script("hear_probe", "base", "lane", "endpoints", "events", "breaker")
	renewEvent         = script("renew_event", "base", "lane", "endpoints")
	releaseEvent       = script("release_event", "base", "lane", "endpoints")
	putOffEvent        = script("put_off_event", "base", "lane", "endpoints", "events", "turns")
	resendEvents       = script("resend_events", "base", "lane", "endpoints", "again")
	resendEvent        = script("resend_event", "base", "lane", "endpoints", "again")
	testEvent          = script("test_event", "base", "lane", "endpoints")
	steerEndpoint      = script("steer_endpoint", "base", "lane", "endpoints")
	renewLane          = script("renew_lane", "base", "lane")
	releaseLane        = script("release_lane", "base", "lane")
	sweepLanes         = script("sweep_lanes", "base", "lane")
	putOffLane         = script("put_off_lane", "base", "lane")
	listJobs           = script("list_jobs")
	readConversation   = script("read_conversation", "state")
	readList           = script("read_list", "state")
	editConversation   = script("edit_conversation", "base", "state")
	deleteConversation = script("delete_conversation", "base", "lane", "endpoints", "state", "listed", "jobs")
	bindKey            = script("bind_key")
	bindExternal       = script("bind_external", "base")
	unbindExternal     = script("unbind_external")
	takeSlot           = script("take_slot", "base")
	addItems           = script("add_items", "base", "items")
	replaceItem        = script("replace_item", "base", "items")
	deleteItem         = script("delete_item", "base", "items")
	lockItems          = script("lock_items")
	unlockItems        = script("unlock_items")
	issueToken         = script("issue_token")
	addSecret          = script("add_secret", "base")
	endSecret          = script("end_secret", "base")
	probe              = script("probe")
)

// script reads a script and puts in front of it what it uses of its libraries. It
// panics if one is not there.
func script(name string, libraries ...string) *redis.Script {
	source := luaFile(name)
	var library []luaBlock
	for _, l := range libraries {
		library = append(library, luaBlocks(luaFile("lib/"+l))...)
	}
	return redis.NewScript(link(library, source))
}

func luaFile(name string) string {
	text, err := luaFiles.ReadFile("lua/" + name + ".lua")
	if err != nil {
		panic(err)
	}
	return string(text)
}

// A luaBlock is what one statement of a library defines: a function, or locals.
type luaBlock struct {
	names []string
	text  string
}

// luaLocal begins a statement of a library, which is a function up to a line that
// is its end, or one line.
var luaLocal = regexp.MustCompile(`^local (function )?(\w+(?:, \w+)*)`)

// luaName finds the names in a text, and some words that are none.
var luaName = regexp.MustCompile(`[A-Za-z_]\w*`)

// luaBlocks returns the statements of a library.
func luaBlocks(library string) []luaBlock {
	var blocks []luaBlock
	open := false // whether the last block is a function that has not ended
	for line := range strings.Lines(library) {
		m := luaLocal.FindStringSubmatch(line)
		switch {
		case open:
			b := &blocks[len(blocks)-1]
			b.text += line
			open = line != "end\n"
		case m != nil:
			blocks = append(blocks, luaBlock{strings.Split(m[2], ", "), line})
			open = m[1] != ""
		}
	}
	return blocks
}

// link puts those blocks in front of a script that it uses, by itself or through
// others. Redis makes every function of a script anew on each call, so those that
// are not used would cost something.
func link(library []luaBlock, script string) string {
	used := make([]bool, len(library))
	need(library, used, script)
	var b strings.Builder
	for n, block := range library {
		if used[n] {
			b.WriteString(block.text)
		}
	}
	return b.String() + script
}

// need marks the blocks that a text uses.
func need(library []luaBlock, used []bool, text string) {
	names := luaName.FindAllString(text, -1)
	for n, block := range library {
		if !used[n] && slices.ContainsFunc(block.names, func(name string) bool { return slices.Contains(names, name) }) {
			used[n] = true
			need(library, used, block.text)
		}
	}
}
