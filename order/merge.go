package order

import (
	"cmp"
	"slices"
)

// Onto lays a later push of an order over what is kept of it. What the push
// does not tell stays as it was: a system that knows of the goods does not
// know of the parcel. clear names what is to be emptied all the same:
// shipped_at, delivered_at or shipment; of a shipment that is emptied and told
// anew in one push, what is told is all.
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
	case emptied("shipment"): // what comes with it begins anew
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

// onto lays a shipment over an older one: the parcel (who carries it, under
// which number) and the place (where it went) each as a whole. What is not told
// of one stays, unless something that is told says that it is another: a city
// with the coordinates of the one before would be a place that never was.
func (s Shipment) onto(old Shipment) Shipment {
	if !another(old.Carrier, s.Carrier) && !another(old.Tracking, s.Tracking) {
		s.Carrier, s.Tracking = cmp.Or(s.Carrier, old.Carrier), cmp.Or(s.Tracking, old.Tracking)
	}
	words := []struct{ now, was *string }{{&s.Province, &old.Province}, {&s.City, &old.City}, {&s.District, &old.District}}
	for _, w := range words {
		if another(*w.was, *w.now) {
			return s
		}
	}
	if moved(old.Lat, s.Lat) || moved(old.Lon, s.Lon) {
		return s
	}
	for _, w := range words {
		*w.now = cmp.Or(*w.now, *w.was)
	}
	if s.Lat == nil && s.Lon == nil {
		s.Lat, s.Lon = old.Lat, old.Lon
	}
	return s
}

// another is whether what is told contradicts what was known.
func another(was, now string) bool { return was != "" && now != "" && was != now }

func moved(was, now *float64) bool { return was != nil && now != nil && *was != *now }

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
