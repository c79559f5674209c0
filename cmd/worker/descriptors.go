package main

import (
	"cmp"

	"github.com/turnwise/turnwise/internal/settings"
)

const (
	mostConnections = 2000 // of the API
	opsConnections  = 32

	// reserve is how many descriptors are kept from the API: for Redis, webhooks,
	// services, files and the ops listener. Where there are few, it is half of them.
	reserve = 512
)

// apiConnections returns how many connections the API may have at once, so that
// they leave descriptors for all else.
func apiConnections(s settings.Settings, descriptors uint64) int {
	most := cmp.Or(s.Connections, mostConnections)
	if descriptors == 0 { // no limit is known
		return most
	}
	return min(most, int(min(descriptors-min(descriptors/2, reserve), 1<<30))) //nolint:gosec // it fits
}
