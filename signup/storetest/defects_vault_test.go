package storetest_test

import (
	"context"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

func (d *defective) PutSealed(ctx context.Context, sealed vault.SealedSecret) error {
	switch d.defect {
	case "put without comparing":
		sealed.Revision = 0
	case "first put replaces":
		if sealed.Revision == vault.NoRevision {
			sealed.Revision = 0
		}
	case "first put looks, then writes":
		if sealed.Revision == vault.NoRevision {
			if _, err := d.MemoryStorage.GetSealed(ctx, sealed.Ref); err == nil {
				return vault.ErrChanged
			}
			d.together(2)
			sealed.Revision = 0
		}
	case "revisions begin again":
		if sealed.Revision > 0 {
			sealed.Revision += d.base[sealed.Ref]
		}
	case "subjects do not matter":
		sealed.Subject = ""
	}
	return d.MemoryStorage.PutSealed(ctx, sealed)
}

func (d *defective) GetSealed(ctx context.Context, ref vault.Ref) (vault.SealedSecret, error) {
	if d.defect == "subjects do not matter" {
		ref.Subject = ""
	}
	sealed, err := d.MemoryStorage.GetSealed(ctx, ref)
	switch {
	case d.defect == "revisions begin again" && err == nil:
		if d.base == nil {
			d.base = map[vault.Ref]int64{}
		}
		d.base[ref] = sealed.Revision - 1
		sealed.Revision = 1
	case d.defect == "data is shared" && err == nil:
		if d.data == nil {
			d.data = map[vault.Ref][]byte{}
		}
		if d.data[ref] == nil {
			d.data[ref] = sealed.Data
		}
		sealed.Data = d.data[ref]
	}
	return sealed, err
}

// defectiveVault is a vault with one defect.
type defectiveVault struct {
	*vault.SealedVault
	defect string
}

func (v *defectiveVault) PutNew(ctx context.Context, ref vault.Ref, secret graph.Secret, expires time.Time) error {
	if v.defect == "put new is put" {
		return v.SealedVault.Put(ctx, ref, secret, expires)
	}
	return v.SealedVault.PutNew(ctx, ref, secret, expires)
}

func (v *defectiveVault) Replace(ctx context.Context, ref vault.Ref, old, fresh graph.Secret, expires time.Time) error {
	if v.defect == "replace is put" {
		return v.SealedVault.Put(ctx, ref, fresh, expires)
	}
	return v.SealedVault.Replace(ctx, ref, old, fresh, expires)
}
