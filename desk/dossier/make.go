package dossier

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/mask"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Dossier is a claim ready to be written: its words are at hand, the bytes of
// its evidence are read as they go out.
type Dossier struct {
	blobs    desk.Bytes
	copies   Copier
	key      ed25519.PrivateKey
	manifest Manifest
	paper    paper
	small    []page
	media    []medium
}

// Copier makes copies of evidence that say nothing of where, when and with what
// it was made; see gallery.Plain.
type Copier interface {
	Plain(ctx context.Context, it evidence.Item) (from io.ReadSeeker, mediaType string, err error)
}

// page is a file that is made here.
type page struct {
	name string
	data []byte
}

// medium is a file of evidence.
type medium struct {
	name string
	item evidence.Item
	// listed is the item in claim.json. What is not whole there is a copy.
	listed *filed
}

// filed is an item as claim.json lists it, with where its bytes are.
type filed struct {
	evidence.Item
	File string `json:"file,omitempty"` // in the dossier; empty: the bytes could not be had
	// Copy is true where File is a copy without metadata: the original is the
	// other side's, and with the desk, under the item's SHA-256.
	Copy bool `json:"copy,omitempty"`
	// Withheld is true where no such copy could be made.
	Withheld bool `json:"withheld,omitempty"`
}

// paper is claim.json.
type paper struct {
	Claim      *claim.Claim `json:"claim"`
	Depth      desk.Depth   `json:"depth"`
	Evidence   []filed      `json:"evidence"`
	References []filed      `json:"references"`
}

// Prepare gathers what the caller may see of a claim, as a desk that can be
// reached at address: staff, and so a court that they answer, all of it as it
// came; a side its own evidence as it came, and of the other's what copies
// makes. Its refusals are desk's own.
func Prepare(ctx context.Context, d *desk.Desk, store desk.Store, copies Copier, by access.Caller, claimID, address string) (*Dossier, error) {
	told, err := d.Explain(ctx, by, claimID) // refuses a second reader, who must not know the outcome
	if err != nil {
		return nil, err
	}
	events, err := d.Events(ctx, by, claimID)
	if err != nil {
		return nil, err
	}
	c, err := d.Case(ctx, by, claimID)
	if err != nil {
		return nil, err
	}
	if c.Blind {
		return nil, text.Refuse(text.CodeForbidden, "", "A second reader gets no dossier before the reading is done.", "盲审完成之前不能导出证据包。")
	}
	out := &Dossier{blobs: d.Blobs(), copies: copies}
	if out.key, err = SigningKey(ctx, store); err != nil {
		return nil, err
	}
	out.manifest = Manifest{
		Schema: Schema, ClaimID: c.Claim.ID, OrderID: c.Claim.OrderID, MadeAt: d.Now().Truncate(time.Second), Depth: c.Depth,
		Desk: address, Key: keyOf(out.key.Public().(ed25519.PublicKey)), //nolint:forcetypeassert // of an Ed25519 key it is that
	}
	out.paper = paper{Claim: c.Claim, Depth: c.Depth}
	eye := desk.EyeOf(by, c.Claim)
	if out.paper.Evidence, err = out.take(ctx, "evidence", c.Evidence, eye); err != nil {
		return nil, err
	}
	if out.paper.References, err = out.take(ctx, "references", c.References, eye); err != nil {
		return nil, err
	}
	var lines bytes.Buffer
	for _, e := range events {
		line, err := json.Marshal(e)
		if err != nil {
			return nil, fmt.Errorf("dossier: %w", err)
		}
		lines.Write(append(line, '\n'))
	}
	return out, errors.Join(out.addJSON(orderName, c.Order), out.add(eventsName, lines.Bytes()),
		out.addJSON(storyName, told), out.readmes())
}

// take plans a folder of evidence. Bytes that are gone are noted, for the
// rest of the case is worth having without them.
func (d *Dossier) take(ctx context.Context, folder string, items []evidence.Item, eye mask.Eye) ([]filed, error) {
	out := make([]filed, 0, len(items))
	for i, it := range items {
		size, err := d.blobs.Size(ctx, it.SHA256)
		switch {
		case errors.Is(err, work.ErrNotFound):
			d.manifest.Missing = append(d.manifest.Missing, it.SHA256)
			out = append(out, filed{Item: it})
			continue
		case err != nil:
			return nil, fmt.Errorf("dossier: size of evidence %s: %w", it.ID, err)
		}
		it.Size = size
		kind, whole := it.Type, eye.Original(it)
		if !whole && it.Medium == evidence.Photo {
			kind = "image/jpeg"
		}
		name := fmt.Sprintf("%s/%02d-%.8s%s", folder, i+1, it.SHA256, mask.Ending(kind))
		out = append(out, filed{Item: it, File: name, Copy: !whole})
		d.media = append(d.media, medium{name, it, &out[len(out)-1]}) // out has room for all and stays where it is
	}
	total := int64(0)
	for _, m := range d.media {
		total += m.item.Size
	}
	if total > maxDossier || len(d.media) > maxFiles-20 {
		return nil, text.Refuse(text.CodeTooLarge, "", "The evidence is more than one file can hold (4 GB, 2,000 files): take it piece by piece from /v1/evidence.", "证据总量超出单个证据包的上限（4 GB、2000 个文件），请通过 /v1/evidence 逐份下载。")
	}
	return out, nil
}

func (d *Dossier) add(name string, data []byte) error {
	d.small = append(d.small, page{name, data})
	return nil
}

func (d *Dossier) addJSON(name string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("dossier: %s: %w", name, err)
	}
	return d.add(name, append(data, '\n'))
}

// Name is what the file may be called.
func (d *Dossier) Name() string { return "evenhand-" + d.manifest.ClaimID + ".zip" }

// Write sends the dossier. It holds no more than a piece of one file in
// memory. Evidence whose bytes are not those that were filed is an error, and
// the file that was begun is not whole.
func (d *Dossier) Write(ctx context.Context, to io.Writer) error {
	z := zip.NewWriter(to)
	for _, m := range d.media {
		if err := d.putMedium(ctx, z, m); err != nil {
			return err
		}
	}
	small := d.small
	d.small = nil
	if err := d.addJSON(claimName, d.paper); err != nil { // now it is known what could be copied
		return err
	}
	d.small = append(d.small, small...)
	for _, p := range d.small {
		if err := d.put(z, p.name, bytes.NewReader(p.data)); err != nil {
			return err
		}
	}
	manifest, err := json.MarshalIndent(d.manifest, "", "  ")
	if err != nil {
		return fmt.Errorf("dossier: %w", err)
	}
	manifest = append(manifest, '\n')
	if err := d.put(z, manifestName, bytes.NewReader(manifest)); err != nil {
		return err
	}
	if err := d.put(z, signatureName, bytes.NewReader(ed25519.Sign(d.key, manifest))); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("dossier: %w", err)
	}
	return nil
}

func (d *Dossier) putMedium(ctx context.Context, z *zip.Writer, m medium) error {
	if m.listed.Copy {
		return d.putCopy(ctx, z, m)
	}
	r, err := d.blobs.Open(ctx, m.item.SHA256, 0, -1)
	if err != nil {
		return fmt.Errorf("dossier: open evidence %s: %w", m.item.ID, err)
	}
	defer r.Close() //nolint:errcheck // read only
	if err := d.put(z, m.name, r); err != nil {
		return err
	}
	if got := d.manifest.Files[len(d.manifest.Files)-1]; got.SHA256 != m.item.SHA256 {
		return fmt.Errorf("dossier: evidence %s has changed: its bytes hash to %s", m.item.ID, got.SHA256)
	}
	return nil
}

// putCopy writes what the other side may have of an item. Where that is nothing
// the rest of the case is worth having without it.
func (d *Dossier) putCopy(ctx context.Context, z *zip.Writer, m medium) error {
	from, _, err := d.copies.Plain(ctx, m.item)
	if _, refused := text.AsRefusal(err); refused {
		m.listed.File, m.listed.Copy, m.listed.Withheld = "", false, true
		return nil
	}
	if err != nil {
		return fmt.Errorf("dossier: copy of evidence %s: %w", m.item.ID, err)
	}
	return d.put(z, m.name, from)
}

// put writes one file, as it is, and notes it for the manifest.
func (d *Dossier) put(z *zip.Writer, name string, from io.Reader) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: d.manifest.MadeAt})
	if err != nil {
		return fmt.Errorf("dossier: %w", err)
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), from)
	if err != nil {
		return fmt.Errorf("dossier: %s: %w", name, err)
	}
	d.manifest.Files = append(d.manifest.Files, File{Name: name, Size: n, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}
