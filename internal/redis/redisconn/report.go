package redisconn

import (
	"cmp"
	"fmt"
	"slices"
)

// Durability names what an acknowledged write survives.
type Durability string

// The degrees of durability, best first.
const (
	Disk    Durability = "disk"    // the process and the power may fail: each write is synced
	Fast    Durability = "fast"    // as disk, but up to two seconds of writes may be lost
	Unknown Durability = "unknown" // Redis would not say
	Memory  Durability = "memory"  // a restart of Redis may lose everything
)

// Durabilities lists every [Durability], best first.
func Durabilities() []Durability { return []Durability{Disk, Fast, Unknown, Memory} }

// A Node is how one server is set up. What could not be found out is empty.
type Node struct {
	Addr           string
	Version        string
	Role           string // "master" or "slave"
	EvictionPolicy string
	AppendOnly     bool
	AppendFsync    string
	Save           string
	Persistence    Durability // what these settings amount to
}

// A Report is what [Inspect] found: one node, or every master of a Cluster.
type Report struct{ Nodes []Node }

// Durability returns that of the weakest node.
func (r Report) Durability() Durability {
	weakest, order := Disk, Durabilities()
	for _, n := range r.Nodes {
		d := cmp.Or(n.Persistence, Unknown)
		if slices.Index(order, d) > slices.Index(order, weakest) {
			weakest = d
		}
	}
	if len(r.Nodes) == 0 {
		return Unknown
	}
	return weakest
}

// Refuse returns an error for an operator to read if Redis may evict keys to
// make room: it would silently drop jobs and parts of conversations. It
// returns nil if that is allowed, or if the policy is unknown.
func (r Report) Refuse(allowEviction bool) error {
	if allowEviction {
		return nil
	}
	for _, n := range r.Nodes {
		if n.evicts() {
			return fmt.Errorf("%s, or accept the loss with TURNWISE_ALLOW_EVICTION=true", n.evictionWarning())
		}
	}
	return nil
}

// MayEvict reports whether a node may drop keys when its memory is full.
func (r Report) MayEvict() bool { return slices.ContainsFunc(r.Nodes, Node.evicts) }

func (n Node) evicts() bool { return n.EvictionPolicy != "" && n.EvictionPolicy != "noeviction" }

func (n Node) evictionWarning() string {
	return fmt.Sprintf("Redis at %s has maxmemory-policy %s, so it may drop jobs when its memory is full; "+
		"run CONFIG SET maxmemory-policy noeviction and put it into redis.conf", n.Addr, n.EvictionPolicy)
}

// Warnings returns sentences for the log about what an operator should know
// before relying on this Redis.
func (r Report) Warnings() []string {
	var w []string
	for _, n := range r.Nodes {
		if s := n.warning(); s != "" {
			w = append(w, s)
		}
		if n.Role == "slave" {
			w = append(w, fmt.Sprintf("Redis at %s is a replica and refuses writes; name the master, or use redis+sentinel://", n.Addr))
		}
		if n.evicts() {
			w = append(w, n.evictionWarning())
		}
		if n.EvictionPolicy == "" && n.Persistence != Memory {
			w = append(w, fmt.Sprintf("Redis at %s does not say its maxmemory-policy; make sure that it is noeviction", n.Addr))
		}
	}
	return w
}

// warning says what may be lost, or nothing.
func (n Node) warning() string {
	const remedy = "set appendonly yes and appendfsync always"
	switch {
	case n.Persistence == Disk || n.Persistence == Fast:
		return ""
	case n.Persistence != Memory:
		return fmt.Sprintf("Redis at %s does not say whether it keeps writes on disk; make sure of it: %s", n.Addr, remedy)
	case n.Version == "":
		return "Redis is in memory: everything is lost when the process ends"
	case n.AppendOnly:
		return fmt.Sprintf("Redis at %s syncs its append-only file when the system pleases, so a power cut may lose jobs; %s", n.Addr, remedy)
	case n.Save != "":
		return fmt.Sprintf("Redis at %s only takes snapshots, so a restart may lose the jobs accepted since the last one; %s", n.Addr, remedy)
	default:
		return fmt.Sprintf("Redis at %s keeps nothing on disk, so a restart loses every job; %s", n.Addr, remedy)
	}
}
