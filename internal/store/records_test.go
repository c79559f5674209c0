package store_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/internal/webhook/keyring"
)

var update = flag.Bool("update", false, "write what the steps leave in Redis into testdata/records.txt")

// A recorder writes down what each step changes in Redis: every field, every
// place in an index and every time to live.
type recorder struct {
	*fixture

	names map[string]string // of ids, which are random
	last  map[string]string // what every key held after the step before
	out   strings.Builder
}

// step notes what has changed since the step before.
func (r *recorder) step(name string) {
	r.t.Helper()
	now := r.keysAndValues(r.t.Context())
	fmt.Fprintf(&r.out, "# %s\n", name)
	for _, line := range slices.Sorted(maps.Keys(now)) {
		if r.last[line] != now[line] {
			fmt.Fprintf(&r.out, "%s = %s\n", line, now[line])
		}
	}
	for _, line := range slices.Sorted(maps.Keys(r.last)) {
		if _, kept := now[line]; !kept {
			fmt.Fprintf(&r.out, "%s gone\n", line)
		}
	}
	r.last = now
	time.Sleep(time.Second)
}

// keysAndValues returns the value of every part of every key.
func (r *recorder) keysAndValues(ctx context.Context) map[string]string {
	all := map[string]string{}
	for _, key := range slices.Sorted(slices.Values(r.rdb.Keys(ctx, "*").Val())) {
		if ttl := r.rdb.PTTL(ctx, key).Val(); ttl > 0 {
			all[r.named(key)+" lives until"] = strconv.FormatInt(time.Now().Add(ttl).UnixMilli(), 10)
		}
		switch r.rdb.Type(ctx, key).Val() {
		case "hash":
			fields := r.rdb.HGetAll(ctx, key).Val()
			for _, field := range slices.Sorted(maps.Keys(fields)) {
				all[r.named(key+" "+field)] = r.named(fields[field])
			}
		case "list":
			for n, value := range r.rdb.LRange(ctx, key, 0, -1).Val() {
				all[r.named(fmt.Sprintf("%s %d", key, n))] = r.named(store.Legible(value))
			}
		case "zset":
			for _, z := range r.rdb.ZRangeWithScores(ctx, key, 0, -1).Val() {
				all[r.named(fmt.Sprintf("%s %v", key, z.Member))] = fmt.Sprintf("%.0f", z.Score)
			}
		case "stream":
			for n, m := range r.rdb.XRange(ctx, key, "-", "+").Val() {
				packed, _ := m.Values[""].(string)
				all[r.named(fmt.Sprintf("%s %d", key, n))] = r.named(store.UnpackEntry(packed))
			}
		default:
			all[r.named(key)] = r.named(strings.ReplaceAll(r.rdb.Get(ctx, key).Val(), "\x1f", "|")) // of a state
		}
	}
	return all
}

// random is what differs from run to run: ids of claims, of requests, of
// messages and of what accounts save.
var random = regexp.MustCompile(`PROCESS[A-Za-z0-9._:-]+|\b[A-Z2-7]{16,26}\b|\b\d{16}\b`)

// named puts names in the place of random ids, in the order in which they are
// met.
func (r *recorder) named(text string) string {
	text = strings.ReplaceAll(text, r.Process(), "PROCESS")
	for id, name := range r.names {
		text = strings.ReplaceAll(text, id, name)
	}
	return random.ReplaceAllStringFunc(text, func(id string) string {
		if id == talk {
			return id
		}
		if _, known := r.names[id]; !known {
			r.names[id] = fmt.Sprintf("ID%d", len(r.names))
		}
		return r.names[id]
	})
}

// id returns an id, the next one in order, that the given name stands for.
func (r *recorder) id(name string) string {
	id := fmt.Sprintf("00000000-0000-4%03x-8000-%012d", shard, len(r.names))
	r.names[id] = name
	return id
}

// accepted accepts a job that the given name stands for.
func (r *recorder) accepted(name string, job jobs.Job, terms jobs.Terms) *jobs.Claim {
	r.t.Helper()
	job.ID, job.Account, job.ConversationID = r.id(name), account, talk
	job.Utterances = []analysis.Utterance{{From: conversation.Speaker{Name: "Ann", UserID: "ann@example.com"}, Text: name}}
	c, _, err := r.Accept(r.t.Context(), job, terms)
	r.must(err)
	r.step("accept " + name)
	return c
}

func (r *recorder) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// What each step leaves in Redis is written down in full, so that no line of a
// script can be lost unnoticed.
func TestRecords(t *testing.T) {
	t.Parallel()

	var got string
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{fixture: newFixture(t, redistest.New(t)), names: map[string]string{}, last: map[string]string{}}
		r.step("open")
		r.lifeOfJobs()
		r.lifeOfEvents()
		r.edits()
		r.others()
		got = r.out.String()
	})
	const path = "testdata/records.txt"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil { //nolint:gosec // for everybody to read
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("what the steps leave in Redis has changed; see that it is meant, and write it with -update:\n%s", diff)
	}
}

func (r *recorder) lifeOfJobs() {
	c := r.accepted("ONE", jobs.Job{WebhookURL: hook, Options: analysis.Options{Name: "Talk", Metadata: map[string]string{"k": "v"}}}, jobs.Terms{Create: true, Claim: true})
	r.accepted("TWO", jobs.Job{WebhookURL: hook}, jobs.Terms{})
	r.accepted("THREE", jobs.Job{}, jobs.Terms{})
	r.accepted("FOUR", jobs.Job{WebhookURL: hook}, jobs.Terms{})
	first := effect(c.Jobs[0])
	first.Name, first.Metadata = "Renamed", map[string]string{"k": "w"}
	first.Insights = []analysis.Insight{{ID: "1", Type: "question", Text: "Who?"}}
	c, _, err := r.CommitOne(r.t.Context(), c, []jobs.Effect{first}, store.Next{Stay: true, Most: 1})
	r.must(err)
	r.step("commit ONE and stay")
	r.must(r.Renew(r.t.Context(), c.Claim))
	r.step("renew")
	_, err = r.Release(r.t.Context(), c.Claim)
	r.must(err)
	r.step("release")
	c = r.claim(3)
	r.step("claim")
	r.fail(c, jobs.Failure{JobID: c.Jobs[0].ID, Reason: "trouble", Delay: 3 * time.Second}, store.Next{})
	r.step("fail TWO for now")
	time.Sleep(10 * time.Second)
	c = r.claim(3)
	r.step("claim again")
	c = r.fail(c, jobs.Failure{JobID: c.Jobs[0].ID, Reason: "too much trouble", Final: true}, store.Next{Stay: true, Most: 3})
	r.step("fail TWO for good")
	r.commit(c, 2, store.Next{Move: true, Most: 1})
	r.step("commit THREE and FOUR")
}

func (r *recorder) lifeOfEvents() {
	retry := webhook.Settlement{Outcome: webhook.Retry, Delay: 2 * time.Second, Attempt: webhook.Attempt{Code: 503}}
	r.settle(r.claimEvent(), retry, false)
	r.step("an event of ONE is refused")
	c := r.claimEvent()
	r.step("claim an event of TWO")
	r.settle(c, webhook.Settlement{Outcome: webhook.Dead}, false)
	r.step("an event of TWO is dead")
	time.Sleep(10 * time.Second)
	for c = r.claimEvent(); c != nil; {
		c = r.settle(c, webhook.Settlement{Outcome: webhook.Delivered, Attempt: webhook.Attempt{Code: 204}}, true)
		r.step("an event is delivered, and the next claimed")
	}
}

func (r *recorder) edits() {
	early := r.accepted("EIGHT", jobs.Job{WebhookURL: hook}, jobs.Terms{Claim: true})
	before := effect(early.Jobs[0])
	before.Messages[0].Start = before.Messages[0].Start.Add(-time.Hour)
	_, _, err := r.CommitOne(r.t.Context(), early, []jobs.Effect{before}, store.Next{})
	r.must(err)
	r.step("commit EIGHT, which was said before all others")
	for name, c := range editsInOrder() {
		step := edit.Step{Change: c}
		if name == 0 {
			step.MemberChanges = editStep.MemberChanges
		}
		_, err := r.Edit(r.t.Context(), editTarget, step)
		r.must(err)
		r.step(fmt.Sprint("edit ", name+1))
	}
	r.accepted("FIVE", jobs.Job{WebhookURL: hook}, jobs.Terms{})
	r.accepted("SIX", jobs.Job{}, jobs.Terms{})
	c := r.claim(1)
	r.step("claim FIVE")
	seen, err := r.Conversation(r.t.Context(), account, talk)
	r.must(err)
	target := editTarget
	target.Versions = []string{"0-0", seen.Version}
	_, err = r.Delete(r.t.Context(), target)
	r.must(err)
	r.step("delete the conversation")
	if _, _, err := r.CommitOne(r.t.Context(), c, []jobs.Effect{effect(c.Jobs[0])}, store.Next{}); err == nil {
		r.t.Error("a commit to a conversation that was deleted was taken")
	}
	r.claim(1)
	r.step("claim after the deletion")
}

func record(id, key string) catalog.Record {
	return catalog.Record{ItemMeta: catalog.ItemMeta{ID: id}, Key: key, Body: []byte("{}")}
}

func editsInOrder() []edit.Change {
	start := time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC)
	end := time.Date(2000, 12, 31, 0, 0, 0, 0, time.UTC)
	return []edit.Change{
		{Name: new("Review"), Metadata: map[string]string{"m": "x"}, Labels: map[string]string{"stage": "won"}},
		{Start: &start, End: &end},
		{Archived: new(true), Private: new(true)},
		{Start: new(start.Add(time.Hour))},
		{Archived: new(false), Toggle: true},
		{Name: new(""), ExternalID: new("deal-7"), Archived: new(true)},
	}
}

func (r *recorder) others() {
	ctx := r.t.Context()
	id := r.id("SEVEN")
	r.must(r.TakeSlot(ctx, account, id, 2))
	r.step("take a slot")
	r.must(r.FreeSlot(ctx, account, id))
	r.step("free the slot")
	r.must(r.AddWebhookSecret(ctx, account, keyring.Record{ID: "s1", Scheme: webhook.HMAC, Sealed: "plain:a"}, []string{"c1"}, time.Hour))
	r.step("add a secret")
	r.must(r.AddWebhookSecret(ctx, account, keyring.Record{ID: "s2", Scheme: webhook.HMAC, Sealed: "plain:b"}, nil, 0))
	r.step("add another secret, and end the first")
	r.must(r.EndWebhookSecret(ctx, account, "c1", []string{"c1"}))
	r.must(r.rdb.HDel(ctx, "tw:{"+account+"}:secrets", "ended").Err()) // the id of a request, which is random
	r.step("end that of the configuration")
	_, _, err := r.BindKey(ctx, account, "key", "fingerprint", id)
	r.must(err)
	r.step("bind a key")
	_, err = r.BindExternalID(ctx, account, "deal-8", "fingerprint")
	r.must(err)
	r.step("bind an external id")
	limits := catalog.Limits{Items: 10, Bytes: 1 << 20}
	records, err := r.AddItems(ctx, account, catalog.TrackerKind, []catalog.Record{record("1", "a"), record("2", "b")}, limits)
	r.must(err)
	r.step("add trackers")
	first := records[0]
	first.Key, first.Body = "c", []byte(`{"x":1}`)
	_, err = r.ReplaceItem(ctx, account, catalog.TrackerKind, first, limits)
	r.must(err)
	r.step("replace a tracker")
	r.must(r.DeleteItem(ctx, account, catalog.TrackerKind, first.ID))
	r.step("delete a tracker")
	r.must(r.LockItems(ctx, account, catalog.TrackerKind, "me"))
	r.step("hold the trackers")
	r.must(r.UnlockItems(ctx, account, catalog.TrackerKind, "me"))
	r.step("free the trackers")
	for _, kind := range lane.Kinds() {
		_, _, err := r.Sweep(ctx, kind, shard)
		r.must(err)
		r.step("sweep " + string(kind))
	}
}
