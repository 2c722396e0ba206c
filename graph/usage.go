package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

// Usage holds the usage headers of an answer. Loads are percentages of the
// allowance of the current hour: at 100, calls are refused.
//
// https://developers.facebook.com/docs/graph-api/overview/rate-limiting
type Usage struct {
	// App is the load of the app, zero if the answer did not say.
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

// Peak returns the highest of the three.
func (l Load) Peak() int { return max(l.Calls, l.Time, l.CPUTime) }

// AssetUsage is the load of one object under one use case.
type AssetUsage struct {
	// Asset is the id of the object, a WABA or a business.
	Asset string
	// Type is the use case, such as whatsapp_business_management.
	Type string
	Load
	// RegainAfter is the time until calls are accepted again; 0 while they
	// are accepted.
	RegainAfter time.Duration
}

// RegainAfter returns the longest wait that any asset names.
func (u Usage) RegainAfter() time.Duration {
	var longest time.Duration
	for _, asset := range u.Assets {
		longest = max(longest, asset.RegainAfter)
	}
	return longest
}

// The headers that hold how much of an allowance is used.
const (
	headerAppUsage   = "X-App-Usage"
	headerAssetUsage = "X-Business-Use-Case-Usage"
)

func readUsage(header http.Header) Usage {
	return parseUsage(header.Get(headerAppUsage), header.Get(headerAssetUsage))
}

// parseUsage ignores what it cannot read: a malformed header must not fail a call.
func parseUsage(app, assets string) Usage {
	var usage Usage
	if app != "" {
		_ = json.Unmarshal([]byte(app), &usage.App)
	}
	if assets != "" {
		usage.Assets = readAssetUsage([]byte(assets))
	}
	return usage
}

// maxRegain is the longest wait that is believed, in minutes: a month. A larger
// number must not overflow.
const maxRegain = 31 * 24 * 60

// readAssetUsage reads X-Business-Use-Case-Usage: an object from asset to a
// list of use cases. A key may come twice, which a Go map would hide, so the
// tokens are walked.
func readAssetUsage(text []byte) []AssetUsage {
	dec := json.NewDecoder(bytes.NewReader(text))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil
	}
	var all []AssetUsage
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return all
		}
		asset, _ := key.(string)
		if !isDigits(asset) {
			asset = "" // it is not an object to look up, and may be anything
		}
		var cases []wireUsage
		var syntax *json.SyntaxError
		// The rest of a value with a wrong type in it is good.
		if err := dec.Decode(&cases); errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) {
			return all
		}
		for i := range cases {
			all = append(all, cases[i].of(asset))
		}
	}
	return all
}

// wireUsage is one use case of an asset.
type wireUsage struct {
	Type string `json:"type"`
	Load
	Regain json.RawMessage `json:"estimated_time_to_regain_access"` // minutes
}

func (w *wireUsage) of(asset string) AssetUsage {
	var minutes Int
	_ = minutes.UnmarshalJSON(w.Regain)
	minutes = min(max(minutes, 0), maxRegain)
	useCase := w.Type
	if !isPlainPath(useCase) {
		useCase = ""
	}
	return AssetUsage{
		Asset: asset, Type: useCase, Load: w.Load,
		RegainAfter: time.Duration(minutes) * time.Minute,
	}
}
