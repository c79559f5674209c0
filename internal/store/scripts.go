package store

import (
	"embed"

	"github.com/redis/go-redis/v9"
)

// luaFiles has every script, and in lib what scripts share.
//
//go:embed lua
var luaFiles embed.FS

// The scripts, each with the libraries that it is put behind, in this order.
var (
	acceptJob          = script("accept_job", "base", "lane", "state", "jobs")
	claimJobs          = script("claim_jobs", "base", "lane", "state", "jobs")
	commitJobs         = script("commit_jobs", "base", "lane", "state", "jobs")
	failJob            = script("fail_job", "base", "lane", "state", "jobs")
	claimEvent         = script("claim_event", "base", "lane", "events")
	settleEvent        = script("settle_event", "base", "lane", "events")
	renewLane          = script("renew_lane", "base", "lane")
	releaseLane        = script("release_lane", "base", "lane")
	sweepLanes         = script("sweep_lanes", "base", "lane")
	putOffLane         = script("put_off_lane", "base", "lane")
	listJobs           = script("list_jobs")
	readConversation   = script("read_conversation")
	editConversation   = script("edit_conversation", "base", "state")
	deleteConversation = script("delete_conversation", "base", "lane", "state", "jobs")
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
