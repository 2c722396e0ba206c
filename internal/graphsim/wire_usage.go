package graphsim

import (
	"net/http"
	"strconv"
	"time"
)

// The quotas of an account for one app, in calls an hour. The quota is small until one
// of the numbers is registered.
const (
	quotaNew    = 200
	quotaActive = 5000
	quotaCredit = 5000 // for one app, over all credit calls
)

// meter counts calls in a rolling hour, minute by minute.
type meter struct{ windows map[nid]*window }

// window is a rolling hour: a ring of sixty minutes.
type window struct {
	minute int64 // the newest minute counted
	counts [60]int
}

func newMeter() *meter { return &meter{windows: map[nid]*window{}} }

func (m *meter) window(id nid, now time.Time) *window {
	w := m.windows[id]
	if w == nil {
		w = &window{minute: now.Unix() / 60}
		m.windows[id] = w
	}
	w.roll(now.Unix() / 60)
	return w
}

// roll sets the minutes since the last call to zero.
func (w *window) roll(minute int64) {
	for n := min(minute-w.minute, int64(len(w.counts))); n > 0; n-- {
		w.counts[(minute-n+1)%int64(len(w.counts))] = 0
	}
	w.minute = max(w.minute, minute)
}

func (w *window) add() { w.counts[w.minute%int64(len(w.counts))]++ }

func (w *window) total() int {
	sum := 0
	for _, n := range w.counts {
		sum += n
	}
	return sum
}

// regain returns how long it takes until the hour holds fewer calls than the limit.
func (w *window) regain(limit int) time.Duration {
	sum := w.total()
	for i := int64(1); i <= int64(len(w.counts)); i++ {
		sum -= w.counts[(w.minute+i)%int64(len(w.counts))]
		if sum < limit {
			return time.Duration(i) * time.Minute
		}
	}
	return time.Hour
}

// countedEdges are the edges of an account that count against its quota.
var countedEdges = map[string]bool{"": true, "assigned_users": true, "phone_numbers": true, "message_templates": true, "subscribed_apps": true}

// count adds a call to its quota. With Config.Quota, a call beyond the quota is
// answered with 80008. Such calls count too, and so make the wait longer.
func (c *call) count(n node) *apiError {
	subject, limit := c.allowance(n)
	if subject == 0 {
		return nil
	}
	c.subject = subject
	w := c.sim.meter.window(subject, c.now)
	used := w.total()
	w.add()
	// Calls are counted also without Config.Quota, because the headers show the count.
	if !c.sim.cfg.Quota || used < limit {
		return nil
	}
	e := &apiError{code: 80008, regain: w.regain(limit), message: numbered(80008,
		"There have been too many calls to this WhatsApp Business account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.")}
	if subject == c.sim.st.app.id {
		e.code, e.message = 4, numbered(4, "Application request limit reached")
	}
	return e
}

// allowance returns the node whose quota a call counts against, and the quota.
func (c *call) allowance(n node) (nid, int) {
	edge := c.edgeName()
	switch n := n.(type) {
	case *waba:
		if countedEdges[edge] && !(edge == "" && c.method != "GET") {
			return n.id, c.sim.quotaOf(n)
		}
	case *number:
		if edge == "" && c.method == "GET" {
			if w := c.wabaOf(n); w != nil {
				return w.id, c.sim.quotaOf(w)
			}
		}
	case *business:
		if edge == "extendedcredits" {
			return c.sim.st.app.id, quotaCredit
		}
	// One quota of the app covers all credit calls.
	case *line, *allocation:
		return c.sim.st.app.id, quotaCredit
	}
	return 0, 0
}

// edgeName returns the edge of the call, "" for a call on the node itself.
func (c *call) edgeName() string {
	switch {
	case c.edge != nil:
		return c.edge.name
	case c.action != nil:
		return c.action.edge
	case c.multi && c.path != "/":
		return c.path[1:]
	}
	return ""
}

// quotaOf returns the quota of an account. It is larger if a number is registered.
func (s *Sim) quotaOf(w *waba) int {
	for _, id := range w.numbers {
		if n := s.st.number(id); n != nil && n.state == "CONNECTED" {
			return quotaActive
		}
	}
	return quotaNew
}

// usageHeaders adds X-App-Usage, and the usage of the account whose quota the call
// counts against. All figures are percent of a quota.
func (c *call) usageHeaders(h http.Header) {
	app := min(c.sim.seq/100, 20)
	h.Set("X-App-Usage", `{"call_count":`+strconv.Itoa(app)+`,"total_cputime":`+strconv.Itoa(app/2)+`,"total_time":`+strconv.Itoa(app/2)+`}`)
	if c.subject == 0 || c.subject == c.sim.st.app.id {
		return
	}
	w := c.sim.st.waba(c.subject)
	if w == nil {
		return
	}
	used, limit := c.sim.meter.window(c.subject, c.now).total(), c.sim.quotaOf(w)
	setBusinessUsage(h, c.subject, min(used*100/limit, 100), 0)
}

// regainHeader tells the client, in minutes, when it can call again.
func (c *call) regainHeader(h http.Header, regain time.Duration) {
	key := c.subject
	if key == 0 && len(c.ids) > 0 {
		key, _ = parseID(c.ids[0])
	}
	if n, ok := c.node.(*number); ok {
		key = n.waba
	}
	if key == 0 {
		key = c.sim.st.partner.id
	}
	setBusinessUsage(h, key, 100, int((regain+time.Minute-1)/time.Minute))
}

// setBusinessUsage writes the header as text: its keys are ids, its figures percent and
// minutes.
func setBusinessUsage(h http.Header, key nid, percent, minutes int) {
	h.Set("X-Business-Use-Case-Usage", `{"`+key.String()+`":[{"type":"whatsapp_business_management","call_count":`+strconv.Itoa(percent)+
		`,"total_cputime":`+strconv.Itoa(percent/4)+`,"total_time":`+strconv.Itoa(percent/4)+
		`,"estimated_time_to_regain_access":`+strconv.Itoa(minutes)+`}]}`)
}
