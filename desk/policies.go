package desk

import (
	"context"
	"sync"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/text"
)

// Rules is a compiled policy: a pure function from facts to a routing, with
// the terms that a claim runs under. What a claim may not be done to stands
// below it, in the guarantees.
type Rules interface {
	ID() string
	Name() string
	Route(claim.Facts) (claim.Routing, error)
	Terms() claim.Terms
	VideoFrom() claim.VideoFrom
}

// compilePolicy is how texts become rules outside of tests.
func compilePolicy(source []byte) (Rules, error) {
	p, err := policy.Compile(source)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// policyCache keeps compiled versions by id, and which one is active. What it
// says is active is what this process routes by.
type policyCache struct {
	mu       sync.Mutex
	compiled map[string]Rules
	active   string
	shadows  []string
	checked  time.Time
}

// policyTTL is how long a node may route by what it last read. A version's
// start is known days ahead, so that all nodes change within this time of it.
const policyTTL = time.Second

func (d *Desk) compiled(ctx context.Context, tx Tx, id string) (Rules, error) {
	d.policies.mu.Lock()
	p := d.policies.compiled[id]
	d.policies.mu.Unlock()
	if p != nil {
		return p, nil
	}
	v, err := tx.Policy(ctx, id)
	if err != nil {
		return nil, err
	}
	p, err = d.opts.Compile([]byte(v.Source))
	if err != nil {
		return nil, err
	}
	d.policies.mu.Lock()
	defer d.policies.mu.Unlock()
	if d.policies.compiled == nil {
		d.policies.compiled = map[string]Rules{}
	}
	d.policies.compiled[id] = p
	return p, nil
}

// refresh reads which versions are active and in shadow, once a TTL.
func (d *Desk) refresh(ctx context.Context, tx Tx) (active string, shadows []string, err error) {
	now := d.now()
	d.policies.mu.Lock()
	fresh := now.Sub(d.policies.checked) < policyTTL && d.policies.active != ""
	active, shadows = d.policies.active, d.policies.shadows
	d.policies.mu.Unlock()
	if fresh {
		return active, shadows, nil
	}
	versions, err := tx.PolicyVersions(ctx)
	if err != nil {
		return "", nil, err
	}
	active, shadows = "", nil
	var since time.Time
	for _, v := range versions {
		switch {
		case v.Status == PolicyShadow:
			shadows = append(shadows, v.ID)
		case (v.Status == PolicyActive || v.Status == PolicyAnnounced) && v.ActiveFrom != nil && !v.ActiveFrom.After(now) && !v.ActiveFrom.Before(since):
			active, since = v.ID, *v.ActiveFrom
		}
	}
	d.policies.mu.Lock()
	d.policies.active, d.policies.shadows, d.policies.checked = active, shadows, now
	d.policies.mu.Unlock()
	return active, shadows, nil
}

// policyFor is the version that a claim runs under: the one of its first
// routing, or the active one.
func (d *Desk) policyFor(ctx context.Context, tx Tx, c *claim.Claim) (Rules, error) {
	if len(c.Routings) > 0 {
		return d.compiled(ctx, tx, c.Routings[0].Policy)
	}
	active, _, err := d.refresh(ctx, tx)
	if err != nil {
		return nil, err
	}
	if active == "" {
		return nil, text.Refuse(CodeNoPolicy, "", "No rules are active; an operator must activate a version first.", "尚无生效的规则，请运营人员先启用一个版本。")
	}
	return d.compiled(ctx, tx, active)
}

func (d *Desk) shadowPolicies(ctx context.Context, tx Tx) ([]Rules, error) {
	_, ids, err := d.refresh(ctx, tx)
	if err != nil {
		return nil, err
	}
	var out []Rules
	for _, id := range ids {
		p, err := d.compiled(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// forgetPolicies makes the next routing read the versions again.
func (d *Desk) forgetPolicies() {
	d.policies.mu.Lock()
	d.policies.checked = time.Time{}
	d.policies.mu.Unlock()
}

// LoadedPolicy is the id of the version this process routes by, "" for none.
func (d *Desk) LoadedPolicy(ctx context.Context) (id string, err error) {
	err = d.read(ctx, func(tx Tx) error {
		id, _, err = d.refresh(ctx, tx)
		return err
	})
	return id, err
}

// DraftPolicy keeps a new version. A text that does not compile is refused
// with its problems.
func (d *Desk) DraftPolicy(ctx context.Context, by access.Caller, source, summary string, major bool) (PolicyVersion, error) {
	if !by.Has(access.RoleOperator) {
		return PolicyVersion{}, forbidden()
	}
	p, err := d.opts.Compile([]byte(source))
	if err != nil {
		return PolicyVersion{}, err
	}
	at := d.now()
	v := PolicyVersion{ID: p.ID(), Name: p.Name(), Source: source, SHA256: digest([]byte(source)), Status: PolicyDraft, Summary: summary, CreatedBy: by.ID, CreatedAt: at}
	return v, d.write(ctx, func(tx Tx) error {
		if v.Major, err = d.major(ctx, tx, p, major, at); err != nil {
			return err
		}
		if err := tx.InsertPolicy(ctx, v); err != nil {
			return err
		}
		return d.record(ctx, tx, "policy/"+v.ID, "policy.drafted", by.Actor(access.RoleOperator), at, map[string]any{"sha256": v.SHA256, "major": v.Major})
	})
}

// major says whether a new version needs the longer notice: where the operator
// says so, or where it takes something from a side.
func (d *Desk) major(ctx context.Context, tx Tx, next Rules, said bool, at time.Time) (bool, error) {
	active, err := d.activeNow(ctx, tx, at)
	if err != nil || said || active == nil {
		return said, err
	}
	old, err := d.compiled(ctx, tx, active.ID)
	if err != nil {
		return false, err
	}
	a, okA := old.(*policy.Policy)
	b, okB := next.(*policy.Policy)
	return okA && okB && policy.Major(policy.Diff(a, b)), nil
}

func (d *Desk) activeNow(ctx context.Context, tx Tx, at time.Time) (*PolicyVersion, error) {
	versions, err := tx.PolicyVersions(ctx)
	if err != nil {
		return nil, err
	}
	var out *PolicyVersion
	for i, v := range versions {
		if (v.Status == PolicyActive || v.Status == PolicyAnnounced) && v.ActiveFrom != nil && !v.ActiveFrom.After(at) && (out == nil || v.ActiveFrom.After(*out.ActiveFrom)) {
			out = &versions[i]
		}
	}
	return out, nil
}

// ShadowPolicy lets a draft run beside the active version, or takes it back.
func (d *Desk) ShadowPolicy(ctx context.Context, by access.Caller, id string, on bool) (PolicyVersion, error) {
	from, to := PolicyDraft, PolicyShadow
	if !on {
		from, to = PolicyShadow, PolicyDraft
	}
	return d.changePolicy(ctx, by, id, "policy."+string(to), func(v *PolicyVersion, _ time.Time) error {
		if v.Status != from {
			return text.Refuse(text.CodeIllegal, "status", "Only a draft can run in shadow, and only a shadow be taken back.", "只有草稿可以影子运行，也只有影子版本可以撤回。")
		}
		v.Status = to
		return nil
	})
}

// ApprovePolicy is one person's yes. With the second person's the public
// notice begins; the version is active from when it has run, or later.
func (d *Desk) ApprovePolicy(ctx context.Context, by access.Caller, id string, from *time.Time) (PolicyVersion, error) {
	return d.changePolicy(ctx, by, id, "policy.approved", func(v *PolicyVersion, at time.Time) error {
		if v.Status != PolicyDraft && v.Status != PolicyShadow {
			return text.Refuse(text.CodeIllegal, "status", "Only a draft or a shadow can be approved.", "只有草稿或影子版本可以审批。")
		}
		for _, a := range v.Approvals {
			if a.By == by.ID {
				return text.Refuse(CodeTwoPeople, "", "You have approved it; now another person must.", "您已审批，须由另一人审批。")
			}
		}
		v.Approvals = append(v.Approvals, Approval{By: by.ID, At: at})
		if len(v.Approvals) < 2 {
			return nil
		}
		earliest := at.Add(d.notice(v.Major))
		if from != nil && from.After(earliest) {
			earliest = *from
		} else if from != nil && from.Before(earliest) {
			return text.Refuse(CodeNotice, "active_from", "The public notice must run first; the earliest time is "+earliest.Format(time.RFC3339)+".", "须先完成公示，最早生效时间为 "+earliest.Format(time.RFC3339)+"。")
		}
		v.Status, v.AnnouncedAt, v.ActiveFrom = PolicyAnnounced, &at, &earliest
		return nil
	})
}

func (d *Desk) notice(major bool) time.Duration {
	if major {
		return d.hurried(d.opts.Notice.Major)
	}
	return d.hurried(d.opts.Notice.Minor)
}

// CancelPolicy takes back a version that is not active yet.
func (d *Desk) CancelPolicy(ctx context.Context, by access.Caller, id string) (PolicyVersion, error) {
	return d.changePolicy(ctx, by, id, "policy.retired", func(v *PolicyVersion, at time.Time) error {
		if v.Status == PolicyActive || v.Status == PolicyRetired || v.ActiveFrom != nil && !v.ActiveFrom.After(at) {
			return text.Refuse(text.CodeIllegal, "status", "An active version is replaced by another one, not taken back.", "已生效的版本只能由新版本替换。")
		}
		v.Status, v.RetiredAt = PolicyRetired, &at
		return nil
	})
}

func (d *Desk) changePolicy(ctx context.Context, by access.Caller, id, kind string, f func(*PolicyVersion, time.Time) error) (PolicyVersion, error) {
	var v PolicyVersion
	if !by.Has(access.RoleOperator) {
		return v, forbidden()
	}
	err := d.write(ctx, func(tx Tx) (err error) {
		at := d.now()
		if v, err = tx.Policy(ctx, id); err != nil {
			return err
		}
		if err := f(&v, at); err != nil {
			return err
		}
		if err := tx.UpdatePolicy(ctx, v); err != nil {
			return err
		}
		body := map[string]any{"status": v.Status, "approvals": len(v.Approvals)}
		if v.ActiveFrom != nil {
			body["active_from"] = *v.ActiveFrom
		}
		return d.record(ctx, tx, "policy/"+id, kind, by.Actor(access.RoleOperator), at, body)
	})
	d.forgetPolicies()
	return v, err
}

// FirstPolicy activates a version on a desk that has none, without notice:
// there is nobody yet to whom the rules could change.
func (d *Desk) FirstPolicy(ctx context.Context, source []byte) error {
	p, err := d.opts.Compile(source)
	if err != nil {
		return err
	}
	err = d.write(ctx, func(tx Tx) error {
		versions, err := tx.PolicyVersions(ctx)
		if err != nil || len(versions) > 0 {
			return err
		}
		at := d.now()
		v := PolicyVersion{ID: p.ID(), Name: p.Name(), Source: string(source), SHA256: digest(source), Status: PolicyActive, CreatedBy: "system", CreatedAt: at, AnnouncedAt: &at, ActiveFrom: &at}
		if err := tx.InsertPolicy(ctx, v); err != nil {
			return err
		}
		return d.record(ctx, tx, "policy/"+v.ID, "policy.active", access.Machine("setup"), at, map[string]any{"sha256": v.SHA256})
	})
	d.forgetPolicies()
	return err
}

// promote makes an announced version whose time has come active, and retires
// the one before.
func (d *Desk) promote(ctx context.Context) error {
	at := d.now()
	var due bool
	err := d.read(ctx, func(tx Tx) error {
		v, err := d.activeNow(ctx, tx, at)
		due = v != nil && v.Status == PolicyAnnounced
		return err
	})
	if err != nil || !due {
		return err
	}
	err = d.write(ctx, func(tx Tx) error {
		now, err := d.activeNow(ctx, tx, at)
		if err != nil || now == nil || now.Status != PolicyAnnounced {
			return err
		}
		versions, err := tx.PolicyVersions(ctx)
		if err != nil {
			return err
		}
		for _, v := range versions {
			kind := "policy.active"
			switch {
			case v.ID == now.ID:
				v.Status = PolicyActive
			case v.Status == PolicyActive:
				v.Status, v.RetiredAt, kind = PolicyRetired, &at, "policy.retired"
			default:
				continue
			}
			if err := tx.UpdatePolicy(ctx, v); err != nil {
				return err
			}
			if err := d.record(ctx, tx, "policy/"+v.ID, kind, access.Machine("calendar"), at, map[string]any{"status": v.Status}); err != nil {
				return err
			}
		}
		return nil
	})
	d.forgetPolicies()
	return err
}
