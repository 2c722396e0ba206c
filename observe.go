package wagraph

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"
)

// Tracer sees every attempt of every call: what one needs for logs, metrics
// and spans. It must be safe for concurrent use, and quick. Nothing it is given
// holds a token, a URL or a parameter.
type Tracer interface {
	// TraceStart runs before an attempt is sent. The context that it returns
	// is the attempt's, and is passed to TraceEnd.
	TraceStart(ctx context.Context, start TraceStart) context.Context
	// TraceEnd runs once the attempt's answer was read and judged.
	TraceEnd(ctx context.Context, end TraceEnd)
}

// TraceStart is an attempt that is about to be sent.
type TraceStart struct {
	Method string
	// Route is the template, such as /{waba-id}/phone_numbers: few values, so
	// that it can be a metric's label. IDs fill it.
	Route   string
	IDs     []string
	Version string
	// Attempt counts from 1.
	Attempt int
	// Batched is true for an op of a batch. The batch itself is traced too, as
	// a POST to "/".
	Batched bool
}

// TraceEnd is an attempt that is over.
type TraceEnd struct {
	TraceStart
	// Status is 0 when no answer came.
	Status int
	// Err is nil, or an *Error.
	Err error
	// Duration is the time from TraceStart to now.
	Duration time.Duration
	// Retry is true when another attempt follows after Wait.
	Retry bool
	Wait  time.Duration
	// AnsweredVersion is the version that Meta answered with: another one than
	// Version once that has expired. Empty if the answer did not say.
	AnsweredVersion string
	// TraceID is what Meta's support asks for.
	TraceID string

	header http.Header
}

// Usage is how much of the quota is used, by the answer's headers. It is read
// from them on demand.
func (e TraceEnd) Usage() Usage { return readUsage(e.header) }

// Usage is what the usage headers of an answer say. Loads are percentages of
// the allowance of the current hour: at 100 calls are refused.
//
// https://developers.facebook.com/docs/graph-api/overview/rate-limiting
type Usage struct {
	// App is the load of the app, zero when not sent.
	App Load
	// Assets is the load per business object (a WABA, for the calls here) and
	// use case, in the order of the header.
	Assets []AssetUsage
}

// Load is a share of an allowance, in percent.
type Load struct {
	Calls   int `json:"call_count"`
	Time    int `json:"total_time"`
	CPUTime int `json:"total_cputime"`
}

// Peak is the highest of the three.
func (l Load) Peak() int { return max(l.Calls, l.Time, l.CPUTime) }

// AssetUsage is the load of one object under one use case.
type AssetUsage struct {
	// Asset is the id of the object, a WABA or a business.
	Asset string
	// Type is the use case, such as whatsapp_business_management.
	Type string
	Load
	// RegainAfter is how long until calls are let through again; 0 while they are.
	RegainAfter time.Duration
}

// RegainAfter is the longest wait that any asset names.
func (u Usage) RegainAfter() time.Duration {
	var longest time.Duration
	for _, asset := range u.Assets {
		longest = max(longest, asset.RegainAfter)
	}
	return longest
}

// readUsage reads what it can: a malformed header is no reason to fail a call.
func readUsage(header http.Header) Usage {
	var usage Usage
	if text := header.Get("X-App-Usage"); text != "" {
		_ = json.Unmarshal([]byte(text), &usage.App)
	}
	if text := header.Get("X-Business-Use-Case-Usage"); text != "" {
		usage.Assets = readAssetUsage([]byte(text))
	}
	return usage
}

// maxRegain bounds a wait that Meta names: beyond a month it is no wait, and
// the minutes must not overflow.
const maxRegain = 31 * 24 * 60

// Slog returns a Tracer that logs every attempt: successes at Debug, failed
// attempts at Info when another follows and at Warn when not, and at Warn also
// an answer in another version than the one asked for.
func Slog(logger *slog.Logger) Tracer { return slogTracer{logger} }

type slogTracer struct{ logger *slog.Logger }

func (t slogTracer) TraceStart(ctx context.Context, _ TraceStart) context.Context { return ctx }

func (t slogTracer) TraceEnd(ctx context.Context, end TraceEnd) {
	level := slog.LevelDebug
	switch {
	case end.Retry:
		level = slog.LevelInfo
	case end.Err != nil:
		level = slog.LevelWarn
	}
	if end.fellForward() {
		t.logger.LogAttrs(ctx, slog.LevelWarn, "graph answered in another version",
			slog.String("asked", end.Version), slog.String("answered", end.AnsweredVersion))
	}
	if !t.logger.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", end.Method), slog.String("route", end.Route), slog.Any("ids", end.IDs),
		slog.Int("attempt", end.Attempt), slog.Int("status", end.Status), slog.Duration("took", end.Duration),
	}
	if end.TraceID != "" {
		attrs = append(attrs, slog.String("trace_id", end.TraceID))
	}
	if end.Retry {
		attrs = append(attrs, slog.Duration("retry_in", end.Wait))
	}
	if usage := end.Usage(); usage.App.Peak() > 0 || len(usage.Assets) > 0 {
		attrs = append(attrs, slog.Int("app_load", usage.App.Peak()), slog.Any("asset_load", usage.Assets))
	}
	if end.Err != nil {
		attrs = append(attrs, slog.Any("error", end.Err))
	}
	t.logger.LogAttrs(ctx, level, "graph call", attrs...)
}

// fellForward tells whether Meta answered with another version than asked.
func (e TraceEnd) fellForward() bool {
	return e.AnsweredVersion != "" && e.AnsweredVersion != e.Version
}
