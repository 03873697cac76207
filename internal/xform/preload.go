package xform

import (
	"strings"
	"time"
)

// preload gives new nodes the values their binds ask for: times, the device,
// the user. What happens at the end (jr:preloadParams="end") is filled by
// [Instance.Finish].
func (in *Instance) preload(it *item) {
	if b := &it.def.bind; b.preload != "" {
		if v, ok := in.preloaded(b.preload, b.preloadParams); ok {
			in.store(it, v)
		}
	}
	for _, k := range it.kids {
		in.preload(k)
	}
}

func (in *Instance) preloaded(kind, params string) (string, bool) {
	now := in.world.Now().In(in.world.Location)
	switch kind {
	case "timestamp":
		if params == "start" {
			return now.Format(dateTimeLayout), true
		}
	case "date":
		if params == "today" || params == "" {
			return now.Format(time.DateOnly), true
		}
	case "property":
		v, _ := in.property(params)
		return v, v != "" // what is not known leaves the default
	case "uid":
		return "uuid:" + in.world.UUID(), true
	}
	return "", false
}

// property answers property() and the preloads of that kind.
func (in *Instance) property(name string) (string, bool) {
	switch strings.TrimPrefix(name, "uri:") {
	case "deviceid":
		return in.world.DeviceID, true
	case "username":
		return in.world.Username, true
	case "phonenumber":
		return in.world.Phone, true
	case "email":
		return in.world.Email, true
	case "simserial", "subscriberid":
		return "", true
	}
	return "", false
}

// Finish marks the end of the interview: the nodes preloaded with "end" get the
// time, and what depends on them is recomputed. It may be called again.
func (in *Instance) Finish() error {
	in.finish(in.root, in.world.Now().In(in.world.Location).Format(dateTimeLayout))
	in.run()
	return in.takeError()
}

func (in *Instance) finish(it *item, now string) {
	if b := &it.def.bind; b.preload == "timestamp" && b.preloadParams == "end" {
		in.store(it, now)
	}
	for _, k := range it.kids {
		in.finish(k, now)
	}
}
