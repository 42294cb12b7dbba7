package order

import "slices"

// Onto lays a later push of an order over what is kept of it. What the push
// does not tell stays as it was: a system that knows of the goods does not
// know of the parcel. clear names what is to be emptied all the same:
// shipped_at, delivered_at or shipment.
func (o Order) Onto(old Order, clear ...string) Order {
	emptied := func(name string) bool { return slices.Contains(clear, name) }
	if o.ShippedAt == nil && !emptied("shipped_at") {
		o.ShippedAt = old.ShippedAt
	}
	if o.DeliveredAt == nil && !emptied("delivered_at") {
		o.DeliveredAt = old.DeliveredAt
	}
	if o.UpdatedAt == nil {
		o.UpdatedAt = old.UpdatedAt
	}
	switch {
	case emptied("shipment") && o.Shipment == nil:
	case o.Shipment == nil:
		o.Shipment = old.Shipment
	case old.Shipment != nil:
		s := o.Shipment.onto(*old.Shipment)
		o.Shipment = &s
	}
	o.Lines = slices.Clone(o.Lines)
	for i, l := range o.Lines {
		if was, ok := old.Line(l.ID); ok {
			o.Lines[i] = l.onto(was)
		}
	}
	return o
}

func (s Shipment) onto(old Shipment) Shipment {
	for _, f := range []struct{ now, was *string }{
		{&s.Carrier, &old.Carrier},
		{&s.Tracking, &old.Tracking},
		{&s.Province, &old.Province},
		{&s.City, &old.City},
		{&s.District, &old.District},
	} {
		if *f.now == "" {
			*f.now = *f.was
		}
	}
	if s.Lat == nil && s.Lon == nil {
		s.Lat, s.Lon = old.Lat, old.Lon
	}
	return s
}

// onto keeps what was paid for a line only while its price and quantity are
// what they were.
func (l Line) onto(old Line) Line {
	if l.SKU == "" {
		l.SKU = old.SKU
	}
	if l.Category == "" {
		l.Category = old.Category
	}
	if l.Paid == nil && l.Price == old.Price && l.Quantity == old.Quantity {
		l.Paid = old.Paid
	}
	return l
}

// Older is whether a push was made before what is kept, by the source's clock.
func (o Order) Older(old Order) bool {
	return o.UpdatedAt != nil && old.UpdatedAt != nil && o.UpdatedAt.Before(*old.UpdatedAt)
}
