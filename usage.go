package wagraph

import (
	"bytes"
	"encoding/json"
	"time"
)

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
		var cases []struct {
			Type string `json:"type"`
			Load
			Regain Int `json:"estimated_time_to_regain_access"` // minutes
		}
		if err := dec.Decode(&cases); err != nil {
			return all
		}
		for _, c := range cases {
			minutes := min(max(c.Regain, 0), maxRegain)
			all = append(all, AssetUsage{
				Asset: asset, Type: c.Type, Load: c.Load,
				RegainAfter: time.Duration(minutes) * time.Minute,
			})
		}
	}
	return all
}
