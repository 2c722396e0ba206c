package graph_test

import (
	"maps"
	"net/http"
	"slices"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// RoundTrip sends a call to the simulator and changes the world before and after it.
func (w *walk) RoundTrip(req *http.Request) (*http.Response, error) {
	w.pause()
	w.calm.RLock()
	defer w.calm.RUnlock()
	return w.server.RoundTripper().RoundTrip(req)
}

// pause is a moment in which the world may change.
func (w *walk) pause() {
	w.calm.Lock()
	defer w.calm.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.change()
}

// change opens, closes, shares or unshares an account, or adds or deletes a number.
// From now on the changed items may come or not.
func (w *walk) change() {
	if w.quiet || w.rng.IntN(3) != 0 {
		return
	}
	w.changes++
	world := w.server.World()
	ids := slices.Sorted(maps.Keys(w.must))
	pick := func() (graph.WABAID, bool) {
		if len(ids) == 0 {
			return "", false
		}
		return ids[w.rng.IntN(len(ids))], true
	}
	var err error
	switch w.rng.IntN(5) {
	case 0:
		var id graph.WABAID
		id, err = w.server.AddWABA(world.WithCredit, "New")
		w.may[id] = true
	case 1:
		if id, ok := pick(); ok {
			err = w.server.DeleteWABA(id)
			w.forget(id)
		}
	case 2:
		if id, ok := pick(); ok {
			err = w.server.Unshare(id)
			w.forget(id)
		}
	case 3:
		if id, ok := pick(); ok {
			var n graph.PhoneNumberID
			n, err = w.server.AddNumber(id)
			w.must[id].may[n] = true
		}
	case 4:
		if id, ok := pick(); ok {
			for _, n := range slices.Sorted(maps.Keys(w.must[id].must)) {
				err = w.server.DeleteNumber(n)
				delete(w.must[id].must, n)
				w.must[id].may[n] = true
				break
			}
		}
	}
	if err != nil {
		panic(err)
	}
}

func (w *walk) forget(id graph.WABAID) {
	delete(w.must, id)
	w.may[id] = true
}

// disturb returns a fault for one call in four.
func (w *walk) disturb(call graphtest.Call) *graphtest.Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.quiet || w.rng.IntN(4) != 0 {
		return nil
	}
	w.faults++
	switch w.rng.IntN(7) {
	case 0:
		return &graphtest.Fault{LoseReply: true}
	case 1:
		return &graphtest.Fault{CutBody: 1 + w.rng.IntN(60)}
	case 2:
		return &graphtest.Fault{ResetBefore: true}
	case 3:
		return &graphtest.Fault{Code: 80008, Message: "too many calls"}
	case 4:
		return &graphtest.Fault{Code: 2, Transient: true, Message: "try again"}
	case 5:
		if call.Query.Get("limit") != "1" {
			return &graphtest.Fault{Code: 1, Message: "Please reduce the amount of data you're asking for"}
		}
	}
	return &graphtest.Fault{Status: 502, Body: []byte("<html>Bad gateway</html>"), ContentType: "text/html"}
}
