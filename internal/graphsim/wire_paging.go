package graphsim

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A cursor belongs to an item of one edge of one node. Like Graph's, it is opaque, it
// is invalid once the item is gone, and no other edge accepts it.

const cursorPrefix = "QVFI" // Graph's cursors begin with it

// edgeSum binds a cursor to one edge of one node.
func edgeSum(e *edgeDef, parent node) uint32 {
	b := binary.BigEndian.AppendUint64(nil, uint64(parent.nodeID()))
	return crc32.ChecksumIEEE(append(b, e.name...))
}

// newCursor makes the cursor of an item.
func newCursor(e *edgeDef, parent node, id nid) string {
	sum := edgeSum(e, parent)
	b := binary.BigEndian.AppendUint64(nil, uint64(id)^uint64(sum)*0x9e3779b97f4a7c15)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b)^sum)
	return cursorPrefix + base64.RawURLEncoding.EncodeToString(b) + "ZD"
}

// openCursor returns the item of a cursor. It refuses every text that newCursor did not
// make for this edge.
func openCursor(e *edgeDef, parent node, text string) (nid, bool) {
	text, ok1 := strings.CutPrefix(text, cursorPrefix)
	text, ok2 := strings.CutSuffix(text, "ZD")
	b, err := base64.RawURLEncoding.DecodeString(text)
	if !ok1 || !ok2 || err != nil || len(b) != 12 {
		return 0, false
	}
	sum := edgeSum(e, parent)
	if binary.BigEndian.Uint32(b[8:]) != crc32.ChecksumIEEE(b[:8])^sum {
		return 0, false
	}
	return nid(binary.BigEndian.Uint64(b) ^ uint64(sum)*0x9e3779b97f4a7c15), true
}

// cut finds the page [start, end) that after, before and limit name.
func (c *call) cut(e *edgeDef, parent node, ids []nid, p params, limit int) (start, end int, err *apiError) {
	if e.unpaged {
		return 0, len(ids), nil
	}
	if text := p.get("after"); text != "" {
		i, err := c.position(e, parent, ids, text)
		if err != nil || i < 0 {
			return 0, 0, err
		}
		return i + 1, min(i+1+limit, len(ids)), nil
	}
	if text := p.get("before"); text != "" {
		i, err := c.position(e, parent, ids, text)
		if err != nil || i < 0 {
			return 0, 0, err
		}
		return max(i-limit, 0), i, nil
	}
	return 0, min(limit, len(ids)), nil
}

// position returns the place of a cursor's item. -1 without an error means an empty
// page.
func (c *call) position(e *edgeDef, parent node, ids []nid, text string) (int, *apiError) {
	id, ok := openCursor(e, parent, text)
	if !ok {
		return 0, errParam("Invalid cursors values: this cursor does not belong to this edge")
	}
	i := slices.Index(ids, id)
	if i < 0 && !c.sim.cfg.EmptyOnDeadCursor {
		return 0, errParam("Invalid cursors values: the item of this cursor is gone")
	}
	return i, nil
}

// envelope puts items into {data, paging}. The last page has cursors and no next. An
// empty page has no paging.
func (c *call) envelope(e *edgeDef, parent node, page edgePage, items []any, query url.Values) obj {
	o := obj{{"data", items}}
	if e.unpaged || page.last == 0 {
		return o
	}
	before, after := newCursor(e, parent, page.first), newCursor(e, parent, page.last)
	paging := obj{{"cursors", obj{{"before", before}, {"after", after}}}}
	if page.after {
		paging = append(paging, pair{"next", c.link(e, parent, query, "after", after)})
	}
	if page.before {
		paging = append(paging, pair{"previous", c.link(e, parent, query, "before", before)})
	}
	return append(o, pair{"paging", paging})
}

// link returns the absolute URL of a page, on the host of the request. It always
// carries the access token, even if the request sent it in a header. This is why links
// are secrets.
func (c *call) link(e *edgeDef, parent node, query url.Values, side, cursor string) string {
	q := maps.Clone(query)
	q.Del("after")
	q.Del("before")
	if q.Get("limit") == "" {
		q.Set("limit", strconv.Itoa(e.defLimit))
	}
	q.Del("access_token")
	u := c.req.base + c.versionPath + "/" + parent.nodeID().String() + "/" + e.name + "?access_token=" + url.QueryEscape(c.tokenText)
	return u + "&" + q.Encode() + "&" + side + "=" + url.QueryEscape(cursor)
}

// linkQuery returns the parameters that a link repeats. As on Graph, parameters that a
// GET sent in a body are not in the link.
func (c *call) linkQuery() url.Values {
	q := maps.Clone(c.params.query)
	q.Del("method")
	if c.multi {
		q.Del("ids") // each link leads to the edge of one node
	}
	return q
}

// proofParams are copied into links, because they prove the token in the link.
var proofParams = []string{"appsecret_proof", "appsecret_time"}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
